/** `video` of a project file: the player that a disc is for. */
import type { Reader } from './project-file.ts';

export const PLAYERS = ['dvd', 'bd'] as const;
export type Player = (typeof PLAYERS)[number];

export function isPlayer(value: unknown): value is Player {
  return PLAYERS.some((player) => player === value);
}

export function readVideo(file: Reader): Player {
  const player = file.raw('video');
  if (!isPlayer(player)) {
    throw file.wrong('video');
  }
  return player;
}
