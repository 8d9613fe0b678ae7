import { beforeAll, describe, expect, test } from 'vitest';
import type { UdfRevision } from '../disc/settings.ts';
import { MEDIA, mediumById, type MediumId } from '../media/media.ts';
import { loadWords, t } from '../strings/strings.ts';
import { refuseStreams, streamAdvice, streamRoom, type StreamRoom } from './stream-room.ts';

function roomOf(
  medium: MediumId | null,
  udf = true,
  player: string | null = null,
  udfRevision: UdfRevision | null = null,
): StreamRoom {
  const project = {
    fileSystems: { iso9660: true, joliet: true, rockRidge: true, udf },
    medium: medium === null ? null : (mediumById(medium) ?? null),
    udfRevision,
  };
  return streamRoom(project, player === null ? null : { udfRevision: player });
}

beforeAll(() => loadWords('properties'));

describe('named streams', () => {
  test('have room where the medium has UDF 2.00 or later', () => {
    const withRoom = MEDIA.filter(({ id }) => streamAdvice(roomOf(id)).length === 0);
    expect(withRoom.map(({ id }) => id)).toEqual(['bd', 'bd-dl', 'bd-tl', 'bd-ql']);
  });

  test('of a disc without them are told what to change', () => {
    const { turnOn, chooseLater, player } = t.streams;
    expect(streamAdvice(roomOf(null))).toEqual([chooseLater]);
    expect(streamAdvice(roomOf('bd', false))).toEqual([turnOn]);
    expect(streamAdvice(roomOf('cd', false))).toEqual([turnOn, chooseLater]);
    expect(streamAdvice(roomOf('bd', true, '1.02')), 'a video that players read').toEqual([player]);
    expect(streamAdvice(roomOf(null, true, '2.50'))).toEqual([]);
    expect(streamAdvice(roomOf('dvd', true, null, '2.01'))).toEqual([]);
    expect(streamAdvice(roomOf('bd', true, null, '1.50'))).toEqual([chooseLater]);
    expect(streamAdvice(roomOf('bd', true, '1.02', '2.01')), 'what players read comes first').toEqual([
      player,
    ]);
  });

  test('are refused with the entry, the reason and the way out', () => {
    expect(refuseStreams('a/b', roomOf('dvd'))).toEqual({
      kind: 'purpose',
      message: '“a/b” has named streams, which UDF 1.02 does not have.',
      hint: `${t.streams.chooseLater} ${t.streams.remove}`,
    });
    expect(refuseStreams('a/b', roomOf('bd', false)).message).toContain('UDF is off');
  });
});
