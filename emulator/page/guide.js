// @ts-check
import { openDial } from './dial.js'
import { make, part } from './dom.js'
import { copyButton } from './json.js'
import { say } from './rows.js'

/**
 * How a bot is pointed here.
 *
 * @typedef {NonNullable<import('./pageRoutes.ts').News['apps']>} Apps
 */

/** @param {Apps} apps @param {string} instance it is drawn once for each */
export function drawGuide(apps, instance) {
  const { origin } = location
  const steps = part('guideSteps', HTMLElement)
  if (steps.dataset.instance === instance) return
  steps.dataset.instance = instance
  steps.replaceChildren(
    make('h4', {}, say('guideAddresses')),
    addressList([
      [say('guideLogin'), origin],
      [say('guideGraph'), origin],
      [say('guideOpenId'), `${origin}/v1/.well-known/OpenIdConfiguration`],
      [say('guideChatKeys'), `${origin}/messages/v1/.well-known/openidconfiguration`],
    ]),
    make('p', { className: 'caption' }, say('guideVariables')),
    make('h4', {}, say('guideBot')),
    addressList(
      apps.flatMap(({ appId, tenantId }) => [
        [say('guideAppId'), appId],
        [say('guideTenant'), tenantId],
        [say('guideSecret'), null, say('guideSecretText')],
      ]),
    ),
    make('h4', {}, say('guideListen')),
    addressList(
      apps.flatMap(({ webhook, local }) => [
        [say('guideWebhook'), webhook, say('guideNoWebhook')],
        [say('guideLocal'), local, say(webhook ? 'guideNotMapped' : 'guideNoWebhook')],
      ]),
    ),
    make('h4', {}, say('guideCall')),
    make('button', { type: 'button', onclick: openDial }, say('callTheBot')),
  )
}

/** @param {(string | null)[][]} lines label, value to copy, and words for where there is none */
function addressList(lines) {
  const list = make('dl', { className: 'addresses' })
  for (const [label, value, otherwise] of lines) {
    const said = make('span', { className: value ? 'address' : '' }, value ?? otherwise ?? '')
    const there = make('dd', {}, said)
    if (value) there.append(copyButton(label ?? '', said))
    list.append(make('dt', {}, label ?? ''), there)
  }
  return list
}
