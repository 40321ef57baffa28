import { flowLimits } from '../flowLimits.ts'
import type { KindWords, ProblemNames, ProblemWords } from './forms.ts'

// The words of the flow language. Callers, not users; block names, not ids; what, why, what to do.

const retries = { title: 'Ask again', hint: 'After that the call goes on as chosen below.' }
const total = { title: 'Ask again at most', hint: 'For both reasons together. Empty: each reason counts by itself.' }
const totalPrompt = { title: 'Said before the call goes on', hint: 'May stay empty.' }
const typeAhead = { title: 'Keep keys that callers press early', hint: 'People who know the way type ahead.' }
const dateOrder = {
  title: 'Order of a date',
  hint: 'As callers of your country write it.',
  choices: {
    DMY: 'Day, month, year: 31122026',
    MDY: 'Month, day, year: 12312026',
    YMD: 'Year, month, day: 20261231',
  },
}
const bargeIn = { title: 'Keys work while the message plays' }

const blocks: KindWords = {
  incomingCall: {
    label: 'Incoming call',
    describe: 'Every flow begins here.',
    fields: {
      answers: {
        title: 'Answers at once',
        hint: 'Off: callers hear it ring until a block answers, rejects or redirects the call.',
      },
      late: {
        title: 'If it still rings after 12 seconds',
        hint: 'Microsoft gives a call up after 15 seconds.',
        choices: { answer: 'Answer the call', reject: 'Turn the call away as busy' },
      },
      payload: {
        title: 'What a program brings that starts a call',
        hint: 'Spoken of as trigger.data.name. A call from a telephone brings none of it: each is empty then.',
      },
    },
  },
  play: {
    label: 'Say',
    describe: 'Speaks one message or several.',
    fields: {
      prompts: { title: 'What callers hear', example: 'Welcome to Contoso.' },
      bargeIn: {
        title: 'Callers can interrupt',
        choices: { off: 'No', anyKey: 'With any key', keys: 'With these keys' },
      },
      keys: { title: 'Keys that interrupt', example: '0#' },
      typeAhead,
    },
  },
  holdMusic: {
    label: 'Hold music',
    describe: 'Plays messages again and again until a key is pressed or the time is over.',
    fields: {
      prompts: { title: 'What callers hear', example: 'Please hold. To leave a message instead, press 1.' },
      intervalSeconds: { title: 'Pause between, in seconds', hint: '0: again at once.' },
      maxSeconds: { title: 'Longest time, in seconds' },
      options: { title: 'Keys', hint: 'Each leads out of it. Other keys do nothing.' },
      typeAhead,
    },
  },
  menu: {
    label: 'Menu',
    describe: 'Asks the caller to press a key.',
    fields: {
      prompt: { title: 'What callers hear', example: 'For sales, press 1. For support, press 2.' },
      bargeIn,
      options: { title: 'Keys' },
      waitSeconds: { title: 'Wait for' },
      noInputRetries: retries,
      noInputPrompt: { title: 'Said first, then the menu again', example: 'Sorry, I did not hear a key.' },
      noMatchRetries: retries,
      noMatchPrompt: { title: 'Said first, then the menu again', example: 'This key is not in use.' },
      furtherSeconds: { title: 'Wait for each further key', hint: 'Where an answer has several keys.' },
      extensionVariable: {
        title: 'Keep an extension in',
        hint: 'Callers who know one type it at the same prompt. A variable of the type digits or text; empty: none.',
      },
      extensionDigits: { title: 'Digits of an extension' },
      anyKey: { title: 'Any other key goes on', hint: 'Off: any other key is a wrong one.' },
      maxRetries: total,
      maxRetriesPrompt: totalPrompt,
      typeAhead,
    },
  },
  collectDigits: {
    label: 'Collect digits',
    describe: 'Asks the caller to type a number and keeps it.',
    fields: {
      prompt: { title: 'What callers hear', example: 'Type your customer number, then press the hash key.' },
      bargeIn,
      variable: { title: 'Keep the digits in', hint: 'A variable of the type digits, text or secret.' },
      minDigits: { title: 'At least', hint: '0: the end key alone is taken, and the variable is then empty.' },
      maxDigits: { title: 'At most' },
      terminators: {
        title: 'Keys that end the entry',
        hint: 'Up to five. Empty: the pause after the last digit ends it.',
      },
      format: {
        title: 'The digits must be',
        choices: {
          any: 'Any digits',
          luhn: 'A card number (check digit)',
          phone: 'A phone number',
          date: 'A date of eight digits',
          list: 'One of a list',
          pattern: 'Of a pattern',
        },
      },
      dateOrder,
      pattern: { title: 'Pattern', hint: 'A regular expression for the whole entry.', example: '7[0-9]{4}' },
      allowed: { title: 'Allowed entries' },
      firstDigitSeconds: { title: 'Wait for the first digit' },
      noInputRetries: retries,
      noInputPrompt: { title: 'Said first, then the question again', example: 'Sorry, I did not hear a number.' },
      invalidRetries: retries,
      invalidPrompt: { title: 'Said first, then the question again', example: 'This number is not right.' },
      interDigitSeconds: { title: 'Wait for each further digit' },
      clearKey: { title: 'Key that starts over', hint: 'For example *. Empty: none.' },
      sensitive: {
        title: 'Sensitive',
        hint: 'A card number or a code: calls show how many digits it had, the test phone shows dots.',
      },
      maxRetries: total,
      maxRetriesPrompt: totalPrompt,
      typeAhead,
    },
  },
  recordMessage: {
    label: 'Record message',
    describe: 'Records what the caller says, as a mailbox does.',
    fields: {
      prompt: {
        title: 'What callers hear first',
        hint: 'Say that they are recorded. May stay empty if they were told before.',
        example: 'Please leave a message after the tone, then press the hash key.',
      },
      beep: { title: 'A tone before the recording' },
      maxSeconds: { title: 'Longest message', hint: 'Microsoft records for 120 seconds at most.' },
      silenceSeconds: { title: 'Ends after silence of' },
      stopKeys: {
        title: 'Keys that end it',
        hint: 'Tell callers to press one: of a message whose caller just hangs up, Microsoft may hand out nothing.',
        example: '#',
      },
      firstSeconds: { title: 'Wait for the first word' },
      minSeconds: { title: 'Shortest message', hint: 'Less than that is “Too short”, and is not kept.' },
    },
  },
  confirm: {
    label: 'Confirm',
    describe: 'Reads back what a caller has entered, and asks whether it is right.',
    fields: {
      value: { title: 'What is read back', hint: 'A variable, or something worked out of several.', example: 'entry' },
      style: {
        title: 'How it is read',
        choices: {
          asIs: 'By what it is',
          digits: 'Digit by digit',
          amount: 'As an amount',
          date: 'As a date',
          spelled: 'Letter by letter',
        },
      },
      dateOrder,
      currency: { title: 'Currency', hint: 'Three letters.', example: 'EUR' },
      prompt: { title: 'What callers hear', hint: '${value} is what is read back.' },
      bargeIn,
      acceptKey: { title: 'Key for right' },
      redoKey: { title: 'Key to enter it again' },
      waitSeconds: { title: 'Wait for' },
      noInputRetries: retries,
      noInputPrompt: { title: 'Said first, then it is read again', example: 'Sorry, I did not hear a key.' },
      noMatchRetries: retries,
      noMatchPrompt: { title: 'Said first, then it is read again', example: 'This key is not in use.' },
      maxRetries: total,
      maxRetriesPrompt: totalPrompt,
      typeAhead: { title: typeAhead.title, hint: 'A key too many behind the entry would then confirm it unheard.' },
      sayAloud: {
        title: 'Say it even if it is sensitive',
        hint: 'Whoever stands near the caller hears it. Off: publishing stops where it would be said.',
      },
    },
  },
  readList: {
    label: 'Read a list',
    describe: 'Reads a list out, one after another, and lets callers go through it and choose.',
    fields: {
      list: { title: 'List', hint: 'A variable of the type list, or a part of a record.', example: 'tickets' },
      intro: {
        title: 'Said first',
        hint: 'May stay empty. ${count} is how many there are.',
        example: 'You have ${count} tickets.',
      },
      item: {
        title: 'Said of each',
        hint: '${item} is the one of this moment, ${position} its number, ${count} how many there are.',
        example: 'Ticket ${position}: ${item.subject}.',
      },
      nextKey: { title: 'Key for the next' },
      previousKey: { title: 'Key for the one before' },
      repeatKey: { title: 'Key to hear it again' },
      chooseKey: { title: 'Key to choose it' },
      stopKey: { title: 'Key to stop' },
      variable: { title: 'Keep the chosen one in', hint: 'Needed where there is a key to choose.' },
      goesOn: { title: 'Without a key', choices: { byItself: 'Go on to the next', waits: 'Ask again, then give up' } },
      pauseSeconds: { title: 'Wait for' },
      noInputRetries: retries,
      noInputPrompt: { title: 'Said first, then it is read again', example: 'Press hash for the next one.' },
      typeAhead,
    },
  },
  keysAnywhere: {
    label: 'Keys anywhere',
    describe: 'Keys that work at every menu and question, such as 0 for the operator or * for back.',
    fields: {
      options: { title: 'Keys' },
      where: {
        title: 'They work',
        choices: {
          everywhere: 'In the whole flow',
          only: 'At these blocks only',
          except: 'Everywhere but at these blocks',
        },
      },
      blocks: { title: 'Blocks' },
    },
  },
  branch: {
    label: 'Branch',
    describe: 'Goes on by the first condition that holds.',
    fields: { conditions: { title: 'Conditions', hint: 'The first one that holds counts.' } },
  },
  businessHours: {
    label: 'Business hours',
    describe: 'Goes on by a calendar: open, closed, or a holiday.',
    fields: {
      calendar: { title: 'Hours', hint: 'Edited under Hours. The next call follows a change, without publishing.' },
      variable: { title: 'Keep the name of the holiday in', hint: 'May stay empty.' },
      opens: {
        title: 'Keep when it opens in',
        hint: 'May stay empty. While it is closed, words such as “tomorrow at 9:00 AM”: say “We open ${…}.”',
      },
    },
  },
  percentageSplit: {
    label: 'Percentage split',
    describe: 'Shares callers out by percent. Who calls again goes the same way.',
    fields: {
      arms: { title: 'Ways', hint: 'Callers who hide their number are shared out anew with every call.' },
    },
  },
  loop: {
    label: 'Loop',
    describe: 'Goes back a number of times, then on.',
    fields: {
      times: { title: 'Go back', hint: 'How often. 0: never.' },
      variable: { title: 'Count in', hint: 'A variable of the type number, which begins at 0.' },
      startsOver: { title: 'Begin again at 0 afterwards', hint: 'Off: whoever comes here again goes on at once.' },
    },
  },
  wait: {
    label: 'Wait',
    describe: 'Waits in silence. Callers hear nothing meanwhile.',
    fields: { seconds: { title: 'Wait for' } },
  },
  backToMenu: {
    label: 'Back to the menu',
    describe: 'Leads callers back to the menu that they were in before.',
    fields: {},
  },
  setVariable: {
    label: 'Set variable',
    describe: 'Keeps a value for later.',
    fields: {
      assignments: {
        title: 'Values',
        hint: 'Texts stand in quotes: "sales". Numbers can be reckoned with: tries + 1.',
      },
    },
  },
  tableLookUp: {
    label: 'Table look-up',
    describe: 'Finds a row in a table and keeps its cells.',
    fields: {
      table: { title: 'Table', hint: 'Edited under Tables. The next call follows a change, without publishing.' },
      match: { title: 'Which row', hint: 'The first that fits counts. Texts stand in quotes: "sales".' },
      results: { title: 'Keep', hint: 'Cells of the row, each in a variable.' },
    },
  },
  tableUpdate: {
    label: 'Table update',
    describe: 'Adds a row to a table, or changes one.',
    fields: {
      table: { title: 'Table', hint: 'Edited under Tables. The next call sees what was written.' },
      action: { title: 'What to do', choices: { add: 'Add a row', change: 'Change a row' } },
      match: { title: 'Which row', hint: 'The first that fits is changed. Texts stand in quotes: "sales".' },
      cells: { title: 'Write', hint: 'Texts stand in quotes: "done". An empty text empties the cell.' },
    },
  },
  createCallback: {
    label: 'Create callback',
    describe: 'Puts the caller on the list of those who are to be called back.',
    fields: {
      from: {
        title: 'Number to call back',
        hint: 'Callers without a number leave by “No number”.',
        choices: { caller: 'The one they call from', variable: 'One they have typed' },
      },
      variable: { title: 'Kept in', hint: 'A variable of the type digits, phone number or text.' },
      reason: { title: 'Why', hint: 'Values may stand in it: ${ticket}.', example: 'Wants an appointment' },
      due: {
        title: 'Due',
        choices: {
          minutes: 'After some minutes',
          opening: 'When somebody is there again',
          expression: 'After minutes that are worked out',
        },
      },
      minutes: { title: 'Minutes' },
      calendar: { title: 'Hours', hint: 'Due when they next begin; at once while they are open.' },
      expression: { title: 'Minutes', example: 'urgent ? 15 : 240' },
      owner: { title: 'Who calls back', hint: 'A person or a team. Empty: whoever takes it.', example: 'Reception' },
      name: { title: 'Name of the caller' },
      mergeHours: {
        title: 'Ask again within hours',
        hint: 'Who asks the same owner again in this time stands on the list once. 0: each time anew.',
      },
    },
  },
  milestone: {
    label: 'Milestone',
    describe: 'Notes in the history of the call that it has come so far.',
    fields: {
      name: { title: 'What is noted', example: 'Appointment booked' },
      fields: { title: 'With these values', hint: 'Texts stand in quotes: "sales". A sensitive value is not kept.' },
    },
  },
  httpRequest: {
    label: 'HTTP request',
    describe: 'Asks a service, and keeps what it answers.',
    fields: {
      method: {
        title: 'Method',
        choices: {
          GET: 'GET: read',
          POST: 'POST: add',
          PUT: 'PUT: replace',
          PATCH: 'PATCH: change',
          DELETE: 'DELETE: remove',
        },
      },
      url: {
        title: 'Address',
        example: 'https://crm.example.com/tickets/${ticket}',
        hint: 'Values as ${ticket} are encoded for their place. ${env.crmUrl} is a value from Settings.',
      },
      auth: {
        title: 'Signs in',
        choices: {
          none: 'Not at all',
          bearer: 'With a token',
          basic: 'With user and password',
          header: 'With a header',
        },
      },
      secret: {
        title: 'Name of the secret',
        hint: 'It is kept under Settings, and never in the flow.',
        example: 'crmToken',
      },
      user: { title: 'User' },
      secretHeader: { title: 'Header that holds it', example: 'X-Api-Key' },
      bodyKind: { title: 'Sends', choices: { none: 'Nothing', json: 'JSON', form: 'Form fields' } },
      json: { title: 'JSON', example: '{ "ticket": ${ticket}, "caller": "${caller.phone}" }' },
      form: { title: 'Fields' },
      statuses: {
        title: 'Ways on by status',
        hint: 'Such as 2xx or 404, each with a way of its own. The exact one comes before its class.',
      },
      map: {
        title: 'Keep of an answer of 2xx',
        hint: 'Such as response.body.ticket.state, response.status or response.headers["x-total"].',
      },
      filler: { title: 'Said while callers wait', hint: 'Again and again until the answer comes. May stay empty.' },
      fillerSeconds: { title: 'Silence before it' },
      timeoutSeconds: { title: 'Wait for the answer' },
      headers: { title: 'Headers' },
      retries: { title: 'Try again', hint: 'After a broken connection or a 502, 503 or 504, within the same time.' },
      redirectsTo: { title: 'Other hosts it may be sent on to', hint: 'The secret is not sent there.' },
    },
  },
  answer: {
    label: 'Answer',
    describe: 'Answers a call that rings. Callers then hear what follows.',
    fields: {},
  },
  reject: {
    label: 'Reject',
    describe: 'Turns a call away that rings.',
    fields: {
      reason: {
        title: 'What callers are told',
        choices: { busy: 'The line is busy', forbidden: 'The call is not permitted', none: 'Nothing: it just ends' },
      },
    },
  },
  redirect: {
    label: 'Redirect',
    describe: 'Sends a call that rings on to somebody, or lets several ring at once.',
    fields: {
      targets: {
        title: 'Who rings',
        hint: 'All of them ring at once, and the first to take the call has it. Microsoft does not tell who did.',
      },
      seconds: { title: 'Ring for', hint: '15 to 90 seconds. Empty: 55 seconds for one, 60 for several.' },
    },
  },
  transferToPerson: {
    label: 'Transfer to person',
    describe: 'Gives the call to someone in your organisation.',
    fields: {
      person: { title: 'Person', hint: 'Calls go to this person’s account in Teams.' },
      announcement: { title: 'Said before', example: 'I am connecting you.', hint: 'May stay empty.' },
    },
  },
  transferToNumber: {
    label: 'Transfer to number',
    describe: 'Gives the call to a telephone number.',
    fields: {
      number: {
        title: 'Number',
        hint: 'With + and the country: +49 30 5550 0142, or a value: ${phone}. Microsoft does so only for calls to a resource account and for callers from a telephone; any other call leaves by “Not reached”.',
        example: '+1 425 555 0100',
      },
      announcement: { title: 'Said before', example: 'I am connecting you.', hint: 'May stay empty.' },
    },
  },
  transferToQueue: {
    label: 'Transfer to queue',
    describe: 'Gives the call to a call queue, an auto attendant or another voice app.',
    fields: {
      queue: {
        title: 'Queue or attendant',
        hint: 'The name is shown here; calls go to the object id of its resource account. Microsoft may not permit it in your tenant: try it before you publish.',
      },
      announcement: { title: 'Said before', example: 'I am connecting you.', hint: 'May stay empty.' },
    },
  },
  sendDtmf: {
    label: 'Send DTMF',
    describe: 'Presses keys for the other side, as somebody at a telephone would.',
    fields: {
      tones: {
        title: 'Keys',
        hint: '0 to 9, *, # and A to D. Values may stand in it: ${entry}.',
        example: '1 ${entry} #',
      },
      gapMs: { title: 'Milliseconds between keys' },
    },
  },
  callFlow: {
    label: 'Call sub-flow',
    describe: 'Lets another flow take over, and goes on when it comes back.',
    fields: {
      flow: { title: 'Sub-flow', hint: 'One that begins with “Sub-flow start”, as it was published.' },
      parameters: { title: 'Give it', hint: 'Texts stand in quotes: "sales".' },
      results: { title: 'Keep what it gives back', hint: 'Each value in a variable of the same type.' },
    },
  },
  goToFlow: {
    label: 'Go to flow',
    describe: 'Goes on in another flow and does not come back.',
    fields: { flow: { title: 'Flow', hint: 'One that begins with “Incoming call”, as it was published.' } },
  },
  subFlowStart: {
    label: 'Sub-flow start',
    describe: 'A flow that other flows call begins here.',
    fields: {
      parameters: {
        title: 'What it is given',
        hint: 'Variables of this flow that the calling flow sets. One that need not be given keeps its first value.',
      },
    },
  },
  subFlowEnd: {
    label: 'Sub-flow end',
    describe: 'Goes back to the flow that called this one.',
    fields: {
      exit: { title: 'Goes back by', hint: 'The calling flow has an exit of this name.', example: 'Booked' },
      gives: { title: 'Gives back', hint: 'Variables whose values the calling flow can keep.' },
    },
  },
  hangUp: {
    label: 'Hang up',
    describe: 'Says goodbye and ends the call.',
    fields: {
      prompt: { title: 'Said before', example: 'Thank you for calling. Goodbye.', hint: 'May stay empty.' },
      reason: { title: 'Reason shown in calls', hint: 'May stay empty.' },
    },
  },
}

const exits = {
  next: 'Goes on',
  done: 'Done',
  interrupted: 'Key pressed',
  noInput: 'Nothing pressed',
  noMatch: 'Wrong key',
  anywhere: 'Key that works anywhere',
  back: 'Back to the menu',
  none: 'No menu before',
  extension: 'Extension typed',
  anyKey: 'Any other key',
  maxRetries: 'Asked often enough',
  maxTime: 'Time is over',
  collected: 'Number typed',
  accepted: 'Right',
  redo: 'Enter it again',
  gaveUp: 'No answer',
  chosen: 'Chosen',
  finished: 'Heard to the end',
  stopped: 'Stopped',
  empty: 'Nothing in the list',
  invalid: 'Wrong number',
  recorded: 'Recorded',
  noAudio: 'Nothing recorded',
  tooShort: 'Too short',
  else: 'Otherwise',
  again: 'Again',
  open: 'Open',
  closed: 'Closed',
  holiday: 'Holiday',
  found: 'Found',
  notFound: 'Not found',
  created: 'On the list',
  merged: 'On the list already',
  noNumber: 'No number',
  other: 'Any other status',
  timeout: 'No answer in time',
  network: 'Service not reached',
  badBody: 'Answer not as expected',
  failed: 'Not reached',
  sent: 'Sent',
  notSent: 'Not sent',
  notPermitted: 'Not permitted',
  error: 'If it fails',
  hangup: 'Caller hung up',
  missed: 'Not answered in time',
  limit: 'Stopped by a limit',
  lost: 'Connection lost',
}

/** What is wrong with a setting, by the code of its fault. */
const settingFaults = {
  required: ({ field }: ProblemNames) => `“${field}” is still empty`,
  too_big: ({ field }: ProblemNames) => `“${field}” is too long or too high`,
  too_small: ({ field }: ProblemNames) => `“${field}” is too short or too low`,
  invalid_format: ({ field }: ProblemNames) => `“${field}” is not written as it must be`,
  notObjectId: ({ field }: ProblemNames) => `“${field}” is not an object id`,
  invalid_value: ({ field }: ProblemNames) => `“${field}” is none of its choices`,
  invalid_union: ({ field }: ProblemNames) => `“${field}” holds something of another kind`,
  invalid_type: ({ field }: ProblemNames) => `“${field}” holds something of another kind`,
  specialNumber: ({ field }: ProblemNames) => `“${field}” is that of an emergency or a charged service`,
  targetTwice: 'Somebody is to ring twice',
  notInternational: ({ field }: ProblemNames) => `“${field}” is not written with + and the country`,
  keyTwice: ({ reason }: ProblemNames) => `Key ${reason} is there twice`,
  idTwice: ({ field }: ProblemNames) => `Two of “${field}” are the same`,
  notHundred: ({ reason }: ProblemNames) => `The shares are ${reason} % together`,
  lessThanMin: 'The most digits are fewer than the fewest',
  alsoTerminator: ({ reason }: ProblemNames) => `Key ${reason} both ends the entry and starts it over`,
  unspeakable: ({ field }: ProblemNames) => `“${field}” has nothing that the voice can say`,
  pattern: 'This pattern cannot be used',
  expression: ({ field }: ProblemNames) => `“${field}” has an expression that does not work`,
  unknownVariable: ({ field }: ProblemNames) => `“${field}” names a variable that is not declared`,
  wrongType: ({ field }: ProblemNames) => `“${field}” gives a value of the wrong type`,
  unknownCalendar: ({ reason }: ProblemNames) => `There are no hours named “${reason}”`,
  unknownTable: ({ reason }: ProblemNames) => `There is no table named “${reason}”`,
  unknownFlow: ({ reason }: ProblemNames) => `No flow named “${reason}” is published`,
  unknownVersion: ({ reason }: ProblemNames) => `Version ${reason} of the flow is not there`,
  notASubFlow: ({ reason }: ProblemNames) => `“${reason}” is no sub-flow`,
  isASubFlow: ({ reason }: ProblemNames) => `“${reason}” is a sub-flow`,
  exitGone: ({ reason }: ProblemNames) => `The sub-flow no longer comes back by “${reason}”`,
  exitAdded: ({ reason }: ProblemNames) => `The sub-flow may come back by “${reason}”, for which there is no exit here`,
  parameterUnknown: ({ reason }: ProblemNames) => `The sub-flow takes nothing called ${reason}`,
  parameterTwice: ({ reason }: ProblemNames) => `The value ${reason} is there twice`,
  parameterType: ({ reason }: ProblemNames) => `The value for ${reason} is of the wrong type`,
  parameterMissing: ({ reason }: ProblemNames) => `The sub-flow needs a value for ${reason}`,
  resultUnknown: ({ reason }: ProblemNames) => `The sub-flow gives nothing back called ${reason}`,
  unknownColumn: ({ field }: ProblemNames) => `“${field}” names a column that is not there`,
  notDays: ({ field }: ProblemNames) => `“${field}” needs columns of the type day`,
  hostFromCaller: ({ field }: ProblemNames) => `“${field}” lets a value choose the host`,
  notJson: ({ field }: ProblemNames) => `“${field}” is no JSON`,
  headerName: ({ field, reason }: ProblemNames) => `“${field}” has a header that cannot be set: ${reason}`,
  valueNotSaid: ({ field }: ProblemNames) => `“${field}” does not say what is to be confirmed`,
  notMinutes: ({ field }: ProblemNames) => `“${field}” does not work out a number`,
  notFromZero: ({ field }: ProblemNames) => `“${field}” is a variable that does not begin at 0`,
  other: ({ field }: ProblemNames) => `“${field}” is not right`,
}

/** Why a setting must be as it is and what to do, by what is wrong with it. */
const settingHelp = {
  required: 'The block cannot run without it. Fill it in.',
  too_big: ({ reason }: ProblemNames) => `At most ${reason}.`,
  too_small: ({ reason }: ProblemNames) => `At least ${reason}.`,
  invalid_format: 'Calls that come here would take the failure path. The hint at the field says the form.',
  notObjectId:
    'Calls go to an object id: 32 letters and digits in five groups. A name or an e-mail address is none; Entra shows the id on the page of the person or the account.',
  invalid_value: 'Choose one of them.',
  invalid_union: 'Write it anew.',
  invalid_type: 'Write it anew.',
  specialNumber:
    'Emergency services must know who calls and from where: tell callers to hang up and dial them. Charged numbers would cost you with each call.',
  notInternational: 'Calls reach a number only as +, country and number: +49 30 5550 0142, 7 to 15 digits.',
  targetTwice: 'Once is enough. Remove one of the two.',
  keyTwice: 'A key can lead to one place only. Choose another key for one of them, or remove it.',
  idTwice: 'Remove one of them.',
  notHundred: 'Every caller must have a way. Let the shares be 100 % together.',
  lessThanMin: 'No entry could be right. Raise “At most”, or lower “At least”.',
  alsoTerminator: 'A key can do one thing only. Take it away from one of them.',
  unspeakable: 'The voice speaks English. Write the words as English is written.',
  pattern:
    'It is no regular expression, or has too many ways to be read. Digits, [0-9] and {4} always work, as in 7[0-9]{4}; at most three parts may change in length, and nothing repeated may stand in something repeated.',
  expression: ({ reason }: ProblemNames) => `The expression says: ${reason}.`,
  unknownVariable: 'Choose a variable of this flow, or declare one.',
  wrongType: 'Choose a variable of another type, or change the value.',
  unknownCalendar: 'Calls that come here would take the failure path. Choose other hours, or make them under Hours.',
  unknownTable: 'Calls that come here would take the failure path. Choose another table, or make it under Tables.',
  unknownFlow: 'Calls that come here would take “If it fails”. Publish that flow, or choose another one.',
  unknownVersion:
    'Calls that come here would take “If it fails”. Choose a version that is there, or always the latest.',
  notASubFlow: 'It would never come back. Choose one that begins with “Sub-flow start”, or use “Go to flow”.',
  isASubFlow:
    'Its ends would lead back to nobody. Choose one that begins with “Incoming call”, or use “Call sub-flow”.',
  exitGone: 'No call would leave that way. Take over the exits of the version that is chosen.',
  exitAdded: 'Such calls would take “If it fails”. Take over the exits of the version that is chosen.',
  parameterUnknown: 'It would be lost. Remove it, or choose another version.',
  parameterTwice: 'Once is enough. Remove one of the two.',
  parameterType: 'Calls that come here would take “If it fails”. Change the value.',
  parameterMissing: 'Calls that come here would take “If it fails”. Give it one.',
  resultUnknown: 'The variable would never be set. Choose another value, or another version.',
  unknownColumn: 'The column was removed, or none is chosen. Choose one of the table.',
  notDays: 'A row is found by the day when two columns say from when and until when it counts. Choose others.',
  hostFromCaller:
    'Callers could send the request, and the secret with it, anywhere. Write the host as it is, or name it in Settings: ${env.crmUrl}.',
  notJson: 'Texts stand in quotes, and values as ${ticket} where JSON has a value or within a text.',
  headerName:
    'Names are of letters, digits and -. What is about the connection, a session or the sign-in is set by itself.',
  valueNotSaid: 'Callers could not know what they say yes to. Write ${value} where it is to be heard.',
  notMinutes: 'How many minutes it is until then must be a number: 30, or urgent ? 15 : 240.',
  notFromZero: 'The rounds are counted in it. Choose another variable, or take its first value away.',
  other: 'Calls that come here would take the failure path.',
}

const problems = {
  startMissing: {
    what: 'The flow begins neither with an incoming call nor as a sub-flow',
    why: 'No call could come here.',
  },
  answersAsSubFlow: {
    what: 'A sub-flow cannot answer calls',
    why: 'Its ends lead back to the flow that called it. Take it out of “Who answers what”, or begin it with “Incoming call”.',
  },
  endsNoSubFlow: {
    what: 'Nobody has called this flow',
    why: 'It answers calls, so there is nothing to go back to. Hang up here, or begin the flow with “Sub-flow start”.',
  },
  tooManyExits: {
    what: ({ detail }) => `The ends of this flow have ${detail} names`,
    why: ({ reason }) =>
      `A block that calls it has room for ${reason} ways out. Give one name to ends after which callers go on alike.`,
  },
  endlessFlows: {
    what: 'Flows would call each other in circles',
    why: 'From there a call comes back to this flow, and nothing on the way asks the caller or decides. Choose another flow, or ask before.',
  },
  onErrorMissing: {
    what: 'The failure path leads nowhere',
    why: 'The block was removed. Choose another one, or none.',
  },
  onHangUpMissing: {
    what: 'The hang-up path leads nowhere',
    why: 'The block was removed. Choose another one, or none.',
  },
  unknownType: {
    what: ({ detail }) => `“${detail}” is not known to this version`,
    why: 'It is kept as it is, but cannot run. Remove it, or update the app.',
  },
  exitOpen: {
    what: ({ exit }) => `“${exit}” leads nowhere`,
    why: 'Callers would be cut off here. Choose a block.',
  },
  linkBroken: {
    what: ({ exit }) => `“${exit}” leads to a block that is gone`,
    why: 'Callers would be cut off here. Choose a block.',
  },
  linkToStart: {
    what: ({ exit }) => `“${exit}” leads back to the start`,
    why: 'A call is answered only once. Choose another block.',
  },
  linkToKeys: {
    what: ({ exit }) => `“${exit}” leads to keys that work anywhere`,
    why: 'Callers come there by pressing them. Choose another block.',
  },
  linkUnknown: {
    what: ({ exit }) => `A link leaves by “${exit}”, which is no longer there`,
    why: 'Nobody comes this way. Remove the link.',
  },
  unreachable: { what: 'No caller can come here', why: 'Nothing leads to this block. Link it, or remove it.' },
  endlessLoop: {
    what: 'Callers would go round in circles',
    why: 'Nothing on this way asks the caller or counts. Ask for a key, or count the rounds in a variable and branch on it.',
  },
  tooMuch: {
    what: 'Too much has to be worked out in one go',
    why: 'Calls that come here would be stopped by the failure path. Let fewer values be worked out, above all times in a zone.',
  },
  mayBeTooMuch: {
    what: 'Going round here may be too much to work out in one go',
    why: 'Calls would be stopped by the failure path. Say or ask something on the way, or work out what does not change before it.',
  },
  nothingSaid: {
    what: 'Callers hear nothing when something fails',
    why: 'There is no apology and no failure path, so they would be cut off in silence. Write an apology, or choose a failure path.',
  },
  noVoice: {
    what: ({ detail }) => `No voice here speaks the language of the flow (${detail})`,
    why: ({ reason }) =>
      `Prompts are spoken in ${reason || 'no language'}. Write them in that language, and choose it for the flow.`,
  },
  keyNotThere: {
    what: ({ detail }) => `Callers are told to press ${detail}, which does nothing here`,
    why: ({ detail }) => `Whoever presses ${detail} hears that the key is wrong. Add the key, or change the words.`,
  },
  slowKeys: {
    what: ({ detail }) => `Callers wait after pressing ${detail}`,
    why: 'A longer answer begins with the same key, so the time for further keys has to pass. Begin them with other keys, or shorten that time.',
  },
  silence: {
    what: 'Callers hear nothing for more than a second',
    why: 'After a second of silence people think that they are cut off. Wait for less, or let a message play meanwhile: a request has one of its own.',
  },
  anywhereTwice: {
    what: ({ detail }) => `The key ${detail} works anywhere already`,
    why: ({ reason }) =>
      `Where both would work, it leads where “${reason}” says. Take another key, or choose other blocks for it.`,
  },
  keyNotSaid: {
    what: ({ detail }) => `Callers are not told of the key ${detail}`,
    why: ({ detail }) => `The message names other keys only. Say what ${detail} is for, or remove the key.`,
  },
  notToldOfRecording: {
    what: 'Callers may be recorded without being told',
    why: 'On some way here nobody says so, and in many countries it has to be said. Say “Your message is recorded” here, or before.',
  },
  speaksAfterHangUp: {
    what: ({ type }) => `“${type}” cannot run after the caller has left`,
    why: 'Nobody would hear it. Take it off the hang-up path.',
  },
  notAnswered: {
    what: ({ type }) => `“${type}” comes before the call is answered`,
    why: ({ reason = '', detail = '' }) =>
      `${detail === '' ? `Behind “${reason}” it still rings` : `Behind “${reason}” it still rings, behind “${detail}” it is answered`}, and who hears it ring hears nothing else. Put “Answer” before this block.`,
  },
  alreadyAnswered: {
    what: ({ type }) => `“${type}” is only for a call that rings`,
    why: ({ reason = '', detail = '' }) =>
      `${detail === '' ? (reason === '' ? 'Here it is answered' : `Behind “${reason}” it is answered`) : `Behind “${reason}” it is answered, behind “${detail}” it still rings`}. Take this block out of that way${detail === '' ? ', or let “Incoming call” not answer at once' : ''}.`,
  },
  notThroughAccount: {
    what: 'This flow answers no resource account',
    why: 'Microsoft gives a call to a number or a queue only if it came through one; any other comes back, or ends. Say under “Who answers what” which account or number leads here.',
  },
  neverSet: {
    what: ({ detail }) => `The variable ${detail} is never set`,
    why: 'It would always be empty. Set it before, or give it a first value.',
  },
  wrongInitial: {
    what: ({ detail }) => `The first value of ${detail} is not of its type`,
    why: 'Calls would begin with a value that cannot be used. Change the value or the type.',
  },
  setElsewhere: {
    what: ({ detail, reason }) => `“${reason}” sets ${detail} as well`,
    why: 'This block counts in it, and would lose count. Choose a variable that nothing else sets.',
  },
  wrongType: {
    what: ({ detail }) => `The variable ${detail} cannot take this value`,
    why: ({ reason }) =>
      reason === ''
        ? 'It is declared as another type. Choose another variable or value.'
        : `Its type is “${reason}”. Choose another variable or value.`,
  },
  sensitiveSaid: {
    what: ({ detail }) => `A message says ${detail}, which is sensitive`,
    why: ({ detail }) =>
      `Whoever stands near the caller would hear it. Take it out, or write \${aloud(${detail})} where it must be heard.`,
  },
  unresolvedName: {
    what: ({ detail, reason }) =>
      reason === 'secret' ? `There is no secret called ${detail} here` : `There is no value called ${detail} here`,
    why: 'The flow names it and does not hold it. Set it under Settings, or name another one.',
  },
  secretHost: {
    what: ({ detail, reason }) => `The secret ${detail} may not be sent to ${reason}`,
    why: 'A secret goes only to the hosts that are allowed for it, so that no flow can give it to somebody else. Allow this host if it is the one that the secret is for, or mend the address.',
  },
  secretOpen: {
    what: ({ detail, reason }) => `The secret ${detail} would be sent to ${reason} without encryption`,
    why: 'Everybody on the way could read it. Begin the address with https.',
  },
  sensitiveTold: {
    what: ({ field, detail }) => `“${field}” would tell the sensitive value of ${detail}`,
    why: 'Addresses are written down by every machine on their way, the history of a call is read by your colleagues, whoever edits a table or calls back reads it, and a sub-flow does not know that it is sensitive. Send it in the JSON or the fields of a request, or give it to a parameter of the type secret.',
  },
  unknownVariable: {
    what: ({ field }) => `“${field}” names no variable`,
    why: 'Choose a variable of this flow, or declare one.',
  },
} satisfies ProblemWords

/** English: what every other language may translate, all of it or some. */
export const en = {
  blocks,
  exits,
  settingFaults,
  settingHelp,
  problems,
  /** The flow that callers hear whom no flow answers. */
  nobodyAnswers: {
    flow: 'No flow',
    incoming: 'Incoming call',
    say: 'Nobody answers',
    said: 'Sorry, nobody answers calls to this number at the moment. Please try again later.',
    bye: 'Hang up',
  },
  unknownBlock: { label: 'Unknown block', describe: 'Kept as it is, cannot run' },
  categories: {
    ends: 'Start and end',
    speak: 'Speak',
    ask: 'Ask the caller',
    decide: 'Decide',
    connect: 'Connect people',
    data: 'Data and services',
  },
  sections: {
    keys: 'Keys',
    digits: 'Digits',
    noInput: 'When nothing is pressed',
    noMatch: 'When a wrong key is pressed',
    invalid: 'When the number is wrong',
    answer: 'When the service answers',
    waiting: 'While callers wait',
  },
  valueTypes: {
    text: 'Text',
    number: 'Number',
    boolean: 'Yes or no',
    digits: 'Digits',
    phone: 'Phone number',
    user: 'Person',
    list: 'List',
    object: 'Record',
    secret: 'Secret',
  },
  operators: {
    equals: 'is',
    notEquals: 'is not',
    contains: 'contains',
    startsWith: 'begins with',
    anyOf: 'is one of',
    lessThan: 'is less than',
    moreThan: 'is more than',
    between: 'is between',
    isBlank: 'is empty',
    isTrue: 'is yes',
  },
  errors: {
    flowTooNew: 'This flow was made by a newer version. Update the app to open it.',
    flowNotReadable: 'This is not a flow, or it is damaged.',
    flowTooLarge: `A flow can have at most ${flowLimits.blocks} blocks and ${flowLimits.variables} variables, and a block at most ${flowLimits.settings} values in its settings. Split it into several flows.`,
  },
  /** What a call step is called when the failure path was taken. */
  failures: {
    unknownBlock: 'The block is missing, or its settings have errors',
    exitOpen: 'This way out leads nowhere',
    notAnswered: 'The call could not be answered',
    rangTooLong: 'Nothing had answered the call after 12 seconds',
    transferStuck: 'The transfer came to no end, and nothing could be said to the caller meanwhile',
    notTones: 'What was to be sent are no keys, or more than 50',
    noRecording: 'Microsoft did not say where the recording is',
    limit: 'There is no more room for it: the table, or the list of callbacks, is full',
    unreadableRecording: 'The recording could not be read',
    stepLimit: 'More than 1,000 blocks in one call',
    endlessLoop: 'Going round in circles',
    expressionFailed: 'An expression could not be worked out',
    notSpoken: 'A value in a message could not be spoken in time',
    tooMuch: 'Too much had to be worked out in one go, so this block was stopped',
    callerGone: 'The caller had left',
    flowMissing: 'The flow to go on in is not published any more, or begins in another way',
    tooManyFlows: 'More than 10 flows waited for each other',
    parameterWrong: 'The sub-flow did not get a value that it needs, or one of another type',
    exitUnknown: 'The sub-flow came back by an exit that is not there',
  },
}
