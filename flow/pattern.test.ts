import { expect, it } from 'vitest'
import { readPattern } from './pattern.ts'

it.each([
  '7[0-9]{4}',
  '[0-9]+',
  '(1|2)[0-9]*',
  '[0-9]{3,5}',
  '1?2*3+',
  '(10|20)(30|40)',
  '',
  String.raw`\*[0-9]{2}\*[0-9]{2}\*[0-9]+#`,
  String.raw`\+\+\+\+1`,
  '[*+?{}()]12',
])('takes %j', (source) => expect(readPattern(source)).toBeInstanceOf(RegExp))

it.each([
  ['a repeated group', '([0-9]+)+'],
  ['a group repeated by a star', '(1|11)*'],
  ['a group that may be left out', '(1*)?'],
  ['a group repeated by number', '(1+){10}'],
  ['a group that repeats a group', '((1+))*'],
  ['a reference back', String.raw`([0-9])\1`],
  ['a named reference back', String.raw`(?<a>1)\k<a>`],
  ['a look ahead', '(?=1)1'],
  ['a group without capture', '(?:1)'],
  ['four parts of changing length', '1*1*1*1*2'],
  ['four ranges', '1{1,}1{1,}1{1,}1{1,}'],
  ['a lazy fourth', '1+?1+?2'],
  ['four parts behind a class with a bracket in it', String.raw`[\]]*1*1*1*`],
  ['a repeated group behind a class that opens a bracket', '[(](1+)+'],
  ['no regular expression at all', '[0-9'],
  ['a group that is not closed', '(1'],
  ['more than a hundred characters', '1'.repeat(101)],
])('refuses %s', (_, source) => expect(readPattern(source)).toBeNull())
