import type { ComponentChildren } from 'preact';
import type { ExplainView } from '../protocol/panel';
import { Quantities } from './quantities';
import { Num } from './quantity';
import { say, t } from './text';

/** Why the number is what it is: the formula, the equations as this framework computes them, its tensors. */
export function Explain({ explain }: { explain: ExplainView }) {
  return (
    <div class="explain">
      <h3>{explain.title}</h3>
      {explain.formula && (
        <p class="math">
          {explain.formula.letters}
          <br />= {explain.formula.filled}
        </p>
      )}
      {explain.equations.length > 0 && (
        <ul class="math equations">
          {explain.equations.map((e) => (
            <li key={e}>{subscripts(e)}</li>
          ))}
        </ul>
      )}
      {explain.conventions.length > 0 && (
        <ul class="conventions">
          {explain.conventions.map((m, i) => (
            <li key={i}>{say(m)}</li>
          ))}
        </ul>
      )}
      {explain.tensors.length > 0 && (
        <table class="data narrow fixed">
          <thead>
            <tr>
              <th scope="col">{t('tensor')}</th>
              <th scope="col">{t('shape')}</th>
              <th scope="col" class="num count">
                {t('parameters')}
              </th>
            </tr>
          </thead>
          <tbody>
            {explain.tensors.map((tensor) => (
              <tr key={tensor.name}>
                <th scope="row">
                  <code>{tensor.name}</code>
                </th>
                <td class="formula">{tensor.shape}</td>
                <td class="num">
                  <Num of={tensor.params} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Quantities of={explain.quantities} />
    </div>
  );
}

/** Writes `_x` and `_{xy}` as subscripts. */
function subscripts(equation: string): ComponentChildren[] {
  return equation.split(/(_\{[^}]*\}|_.)/u).map((part, i) => {
    if (i % 2 === 0) return part;
    return <sub key={i}>{part.startsWith('_{') ? part.slice(2, -1) : part.slice(1)}</sub>;
  });
}
