/** Where a rule or a remedy comes from. */
export interface Citation {
  readonly title: string;
  readonly url: string;
}

export const SOURCES = {
  autoTrainer: {
    title: 'Zhang et al. 2021, AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair System',
    url: 'https://doi.org/10.1109/ICSE43902.2021.00043',
  },
  pascanu: {
    title: 'Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural networks',
    url: 'https://arxiv.org/abs/1211.5063',
  },
  forgetBias: {
    title: 'Jozefowicz, Zaremba, Sutskever 2015, An Empirical Exploration of Recurrent Network Architectures',
    url: 'https://proceedings.mlr.press/v37/jozefowicz15.html',
  },
  chrono: {
    title: 'Tallec, Ollivier 2018, Can recurrent neural networks warp time?',
    url: 'https://arxiv.org/abs/1804.11188',
  },
  orthogonal: {
    title:
      'Saxe, McClelland, Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep linear neural networks',
    url: 'https://arxiv.org/abs/1312.6120',
  },
  identity: {
    title: 'Le, Jaitly, Hinton 2015, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units',
    url: 'https://arxiv.org/abs/1504.00941',
  },
  gru: {
    title: 'Cho et al. 2014, Learning Phrase Representations using RNN Encoder–Decoder',
    url: 'https://arxiv.org/abs/1406.1078',
  },
} as const satisfies Record<string, Citation>;
