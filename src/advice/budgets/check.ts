import type { ModelCost } from '../../cost/types';
import { message, valueOf, type Dim, type Message } from '../../model';
import { matchesGlob } from './glob';
import { LIMITS, type Budget, type BudgetResult, type Limit } from './types';

/** The budgets that a file's models are held to. `path` is relative to the folder of `rnn-lens.json`. */
export function budgetsFor(budgets: readonly Budget[], path: string): readonly Budget[] {
  return budgets.filter((b) => b.file === undefined || matchesGlob(b.file, path));
}

/** Holds models to one budget. The models have been costed with the budget's own sequence length, batch and assumptions. */
export function checkBudget(budget: Budget, models: readonly ModelCost[]): readonly BudgetResult[] {
  return models
    .filter(({ model }) => budget.model === undefined || model.name === budget.model)
    .flatMap((cost) =>
      LIMITS.flatMap((limit): BudgetResult[] => {
        const allowed = budget.limits[limit];
        if (allowed === undefined) return [];
        const dim = measure(cost, limit);
        const actual = dim && valueOf(dim);
        const exceeded = actual !== undefined && actual > allowed;
        const { name, source } = cost.model;
        return [
          {
            model: name,
            limit,
            allowed,
            actual,
            exceeded,
            message: say(name, limit, allowed, actual),
            source,
          },
        ];
      }),
    );
}

function measure(cost: ModelCost, limit: Limit): Dim | undefined {
  switch (limit) {
    case 'parameters':
      return cost.params?.total;
    case 'trainableParameters':
      return cost.params?.trainable;
    case 'macs':
      return cost.forward?.macs;
    case 'flops':
      return cost.forward?.flops.total;
    case 'weightBytes':
      return cost.memory?.weights;
    case 'activationBytes':
      return cost.memory?.activations;
  }
}

function say(model: string, limit: Limit, allowed: number, actual: number | undefined): Message {
  const [is, may] = [actual === undefined ? '' : grouped(actual), grouped(allowed)];
  if (actual === undefined)
    return message('{0}: {1} cannot be known, so its budget of {2} is not checked.', model, limit, may);
  return actual > allowed
    ? message('{0}: {1} is {2}, over its budget of {3}.', model, limit, is, may)
    : message('{0}: {1} is {2}, within its budget of {3}.', model, limit, is, may);
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
