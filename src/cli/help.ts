export const HELP = `rnn-lens: parameters, FLOPs and gradient flow of recurrent models, without running them

  rnn-lens analyze FILE…  [--class NAME] [--assume NAME=VALUE]… [--seq-len N] [--batch N] [--lengths 5,3,1] [--dtype float32] [--json]
      What every model in the files (or folders) costs.
  rnn-lens explain FILE   [--class NAME] [--layer PATH] [--json] and the options of analyze
      Every quantity apart, with its convention: counts by gate, work per step, sequence and batch, memory in each number type, why counters differ.
  rnn-lens compare FILE   [--class NAME] [--layer PATH] [--json] and the options of analyze
      Each recurrent layer and each whole model as LSTM, GRU and SimpleRNN: same size, same parameters, same FLOPs.
  rnn-lens gradient FILE  [--class NAME] [--layer PATH] [--seq-len N] [--batch N] [--seed N] [--json]
  rnn-lens gradient --cell lstm --framework pytorch --input N --hidden N [--layers N] [--seq-len N] [--batch N] [--seed N] [--json]
      How far back a gradient reaches, for each cell. Both take
      [--loss last|all] [--try forget-bias=B|chrono=T|orthogonal=G|identity=S] [--series FILE.csv --column NAME [--standardise]]
      [--vanishing-decades N] [--exploding-decades N] [--saturated-share N] [--horizon-decades N]
  rnn-lens check [PATH…]  [--config rnn-lens.json] [--format text|json|sarif|github] and the options of analyze
      Findings, and the budgets of rnn-lens.json. PATH defaults to the current folder.
  rnn-lens mcp
      The same as a Model Context Protocol server on stdin and stdout, for assistants.

Exit code: 0 fine, 1 a finding or a budget exceeded, 2 bad usage or unreadable input.
`;
