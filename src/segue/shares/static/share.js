// Plays what a link shows. The page works without this file: then the button opens the page again with a player.
// Opening is one request for the JSON of the same address, made when somebody presses play and not before.

const audio = document.getElementById('audio');
const state = document.getElementById('state');
const button = document.getElementById('play');
const rows = [...document.querySelectorAll('#list li')];

let tracks = [];
let current = 0;

async function open() {
  const answer = await fetch(location.pathname, { headers: { accept: 'application/json' }, cache: 'no-store' });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error.message);
  if (!body.available) throw new Error(body.message);
  return body.tracks ?? [body.track];
}

async function play(index, at = 0) {
  if (tracks.length === 0) tracks = await open();
  if (index >= tracks.length) return;
  current = index;
  audio.hidden = false;
  button?.remove();
  audio.src = tracks[index].playback_url;
  audio.currentTime = at;
  rows.forEach((row, n) => row.classList.toggle('playing', row.dataset.track === tracks[index].id));
  state.textContent = '';
  await audio.play();
  announce(tracks[index]);
}

function announce(track) {
  if (!('mediaSession' in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({ title: track.title ?? document.title });
  const to = (index) => (index >= 0 && index < tracks.length ? () => attempt(() => play(index)) : null);
  navigator.mediaSession.setActionHandler('previoustrack', to(current - 1));
  navigator.mediaSession.setActionHandler('nexttrack', to(current + 1));
}

function attempt(action) {
  action().catch((error) => {
    if (error.name !== 'AbortError') state.textContent = error.message;
  });
}

// A playback address is good for some minutes only. When it has run out, open the link again and go on where we were;
// a link that has been revoked meanwhile says so.
let renewed = -1;
audio.addEventListener('error', () => {
  const at = audio.currentTime;
  if (tracks.length === 0 || renewed === at) return;
  renewed = at;
  tracks = [];
  attempt(() => play(current, at));
});
audio.addEventListener('ended', () => attempt(() => play(current + 1)));

button?.form.addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(() => play(0));
});

rows.forEach((row, index) => {
  const name = row.querySelector('.name');
  const pick = document.createElement('button');
  pick.className = 'name';
  pick.textContent = name.textContent;
  pick.addEventListener('click', () => attempt(() => play(index)));
  name.replaceWith(pick);
});
