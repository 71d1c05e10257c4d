import { message } from '../../../model';
import { callFunction } from './functions';
import type { Interpreter } from './interpreter';
import { type Arguments, type ExternalValue, type InstanceValue, type Value } from './values';

/** Calls any value. What can't be called gives an unknown with its reason. */
export function callValue(I: Interpreter, callee: Value, args: Arguments): Value {
  switch (callee.kind) {
    case 'function':
      return callFunction(I, callee, args);
    case 'method':
      return callMethod(I, callee.fn, callee.self, args);
    case 'builtin':
      return callee.call(args);
    case 'class':
      return I.instantiate(callee, args);
    case 'external':
      return callExternal(I, callee, args);
    case 'object':
      return (
        I.plugin(callee.plugin)?.callObject?.(callee, args, I) ??
        I.unknown(message('What `{0}` gives is not known.', callee.type), `${callee.type}()`, args.site)
      );
    case 'instance':
      return callInstance(I, callee, args);
    case 'union':
      return I.mapUnion(callee, (option) => callValue(I, option, args));
    case 'repeat':
      return callValue(I, callee.value, args);
    case 'unknown':
      return I.derive(callee, `(${argumentKey(I, args)})`, args.site);
    case 'none':
      return I.unknown(message('`None` is called here.'), 'None()', args.site);
    default:
      return I.unknown(
        message('`{0}` can’t be called.', I.describe(callee)),
        `${I.describe(callee)}()`,
        args.site,
      );
  }
}

function callMethod(I: Interpreter, fn: Value, self: Value, args: Arguments): Value {
  if (fn.kind === 'function') return callFunction(I, fn, args, self);
  return I.call(fn, { ...args, positional: [{ value: self, site: args.site }, ...args.positional] });
}

/** Two calls of an unknown with the same arguments give the same unknown. */
function argumentKey(I: Interpreter, args: Arguments): string {
  return args.positional.length === 0 && args.keywords.size === 0 ? '' : I.textOf({ ...args.site });
}

function callInstance(I: Interpreter, instance: InstanceValue, args: Arguments): Value {
  const known = I.basePlugin(instance.cls);
  const result = known && known.plugin.callInstance?.(instance, args, I);
  if (result) return result;
  const method = I.findAttribute(instance, '__call__', args.site);
  return method
    ? I.call(method, args)
    : I.unknown(
        message('What `{0}` gives is not known.', instance.cls.name),
        `${instance.cls.name}()`,
        args.site,
      );
}

function callExternal(I: Interpreter, callee: ExternalValue, args: Arguments): Value {
  const plugin = I.pluginFor(callee.name);
  const name = plugin?.canonical?.(callee.name) ?? callee.name;
  const result = plugin?.call(name, args, I);
  if (result) return result;
  const reason = plugin
    ? message('What `{0}` gives is not known.', callee.name)
    : message('`{0}` is imported from a file that is not at hand.', callee.name);
  const last = callee.name.slice(callee.name.lastIndexOf('.') + 1);
  return I.unknown(reason, `${last}()`, args.site, { maybeModule: /^\p{Lu}/u.test(last) || !plugin });
}
