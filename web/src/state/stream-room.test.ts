import { beforeAll, describe, expect, test } from 'vitest';
import { MEDIA, mediumById, type MediumId } from '../media/media.ts';
import { loadWords, t } from '../strings/strings.ts';
import { refuseStreams, streamAdvice, streamRoom, type StreamRoom } from './stream-room.ts';

function roomOf(medium: MediumId | null, udf = true, player: string | null = null): StreamRoom {
  const project = {
    fileSystems: { iso9660: true, joliet: true, rockRidge: true, udf },
    medium: medium === null ? null : (mediumById(medium) ?? null),
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
    const { turnOn, chooseBluRay, player } = t.streams;
    expect(streamAdvice(roomOf(null))).toEqual([chooseBluRay]);
    expect(streamAdvice(roomOf('bd', false))).toEqual([turnOn]);
    expect(streamAdvice(roomOf('cd', false))).toEqual([turnOn, chooseBluRay]);
    expect(streamAdvice(roomOf('bd', true, '1.02')), 'a video that players read').toEqual([player]);
    expect(streamAdvice(roomOf(null, true, '2.50'))).toEqual([]);
  });

  test('are refused with the entry, the reason and the way out', () => {
    expect(refuseStreams('a/b', roomOf('dvd'))).toEqual({
      kind: 'purpose',
      message: '“a/b” has named streams, which UDF 1.02 does not have.',
      hint: `${t.streams.chooseBluRay} ${t.streams.remove}`,
    });
    expect(refuseStreams('a/b', roomOf('bd', false)).message).toContain('UDF is off');
  });
});
