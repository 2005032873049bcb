"""Pure. Who plays in a piece, and on what: the genre's players, and those whom a prompt asks for or does not want."""

from collections.abc import Sequence

import msgspec

from segue.engines.brief import Segment
from segue.engines.studio.dice import Dice
from segue.engines.studio.direction import Direction
from segue.engines.studio.goals import Goal, goal_of
from segue.engines.studio.instruments import GUESTS, ROLES, within
from segue.engines.studio.table import Player, Role
from segue.engines.studio.words import Wishes

# How many play in a segment of a session, by its intensity.
_LAYERS = ((0.25, 2), (0.75, 4), (1.0, 6))
_STILL: frozenset[Role] = frozenset({"drums", "riser"})
_HOLDING: frozenset[Role] = frozenset({"pad", "drone"})
_THROUGHOUT = "intro a b break outro"


def band_of(direction: Direction, segment: Segment | None) -> list[Player]:
    """Each player with the one voice that he plays, and a register that it has."""
    wishes, dice = direction.wishes, direction.band.stream("band")
    players = [_settled(player, wishes, dice) for player in direction.genre.players]
    found = [player for player in players if player is not None and player.role not in wishes.without]
    for voice in wishes.voices:
        found = _with(found, voice)
    found = _few(found, direction.density, wishes) if segment is None else _for_segment(found, direction, segment)
    return [msgspec.structs.replace(each, register=within(each.register, each.voices[0])) for each in found]


def _settled(player: Player, wishes: Wishes, dice: Dice) -> Player | None:
    """The player on one voice: mostly the usual one, never one that is not wanted."""
    voices = [voice for voice in player.voices if voice not in wishes.without]
    if not voices:
        return None
    thrown = dice.stream(player.name)
    voice = voices[0] if thrown.chance(0.6) else thrown.pick(voices)
    return _on(player, voice)


def _on(player: Player, voice: str) -> Player:
    return msgspec.structs.replace(player, voices=(voice,))


def _with(players: list[Player], voice: str) -> list[Player]:
    """The same band with this voice in it, in the hands of whoever has such a role, or of a guest."""
    if any(voice == player.voices[0] or voice == player.role for player in players):
        return players
    if voice == "tune":
        return [*players, _on(GUESTS["tune"], GUESTS["tune"].voices[0])]
    for role in ROLES.get(voice, ()):
        for place, player in enumerate(players):
            if player.role == role:
                return [*players[:place], _on(player, voice), *players[place + 1 :]]
    roles = [role for role in ROLES.get(voice, ()) if role in GUESTS]
    return [*players, _on(GUESTS[roles[0]], voice)] if roles else players


def _few(players: list[Player], density: float, wishes: Wishes) -> list[Player]:
    """Where little is to be played, those who would be asked last stay away, unless somebody asked for them."""
    if density >= 0.4:
        return players
    count = max(3, round(len(players) * (0.5 + density)))
    return [each for place, each in enumerate(players) if place < count or each.voices[0] in wishes.voices]


def _for_segment(players: Sequence[Player], direction: Direction, segment: Segment) -> list[Player]:
    """As many as its intensity says, no drums where it is quiet, and some on another voice the further it diverges."""
    goal = goal_of(segment.goal)
    absent = {
        *(_STILL if segment.goal == "sleep" or segment.intensity < 0.25 else ()),
        *(() if goal.sung else ("tune",)),
    }
    playing = [each for each in players if each.role not in absent]
    # Whoever holds the chords plays all through it: nothing else bridges a break, or the fades.
    held = next((each for each in playing if each.role in _HOLDING), playing[0] if playing else GUESTS["pad"])
    layers = next((count for up_to, count in _LAYERS if segment.intensity <= up_to), _LAYERS[-1][1])
    chosen = [msgspec.structs.replace(held, plays=_THROUGHOUT, late=False)]
    chosen += [each for each in playing if each is not held][: layers - 1]
    swaps = max(1, round(3 * segment.divergence)) if segment.divergence > 0 and segment.index > 0 else 0
    return [_lit(each, segment.intensity, goal) for each in _swapped(chosen, direction, swaps)]


def _lit(player: Player, intensity: float, goal: Goal) -> Player:
    """The more is asked for, the brighter and the wider; louder it is never."""
    desk = player.desk
    more = intensity - 0.5
    lit = msgspec.structs.replace(
        desk,
        brightness=min(max(desk.brightness + 0.2 * more, 0.0), 1.0),
        width=min(max(desk.width * (1 + 0.3 * more), 0.0), 1.0),
        high_cut_hz=min(desk.high_cut_hz, goal.high_cut_hz),
    )
    return msgspec.structs.replace(player, desk=lit)


def _swapped(players: list[Player], direction: Direction, swaps: int) -> list[Player]:
    usual = {each.name: each.voices for each in direction.genre.players}
    dice = direction.dice.stream("swaps")
    for place in dice.shuffled(range(len(players)))[:swaps]:
        player = players[place]
        others = [voice for voice in usual.get(player.name, ()) if voice != player.voices[0]]
        if others:
            players[place] = _on(player, dice.pick(others))
    return players
