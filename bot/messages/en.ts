/** What the bot says in chat, in English. */
export const en = {
  whoIAm: 'I answer calls with flows that your organisation draws.',
  nothingAnswers: 'No flow is published yet, so I turn calls away.',
  answers: (flow: string, version: number) => `Callers hear **${flow}**, version ${version}.`,
  answersFor: (called: string, flow: string, version: number) => `${called}: **${flow}**, version ${version}`,
  whereToDraw: (url: string) => `Flows are drawn and published here: ${url}`,
  notNow: 'I cannot look up the flows right now. Calls are answered all the same. Try again in a minute.',
}
