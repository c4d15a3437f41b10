// The bytes of sim/playback/browser_bytes.py as typed arrays, one row a person and frame.

const NOBODY = 65535;
const TURN = 256;
const HIDDEN = 2;
const CLEAR = 1;

function aboutOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const about = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { about, body: bytes.subarray(4 + length) };
}

async function inflated(body) {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpacked(bytes) {
  const { about, body } = aboutOf(bytes);
  const flat = await inflated(body);
  const { tracks, rows, cameras } = about;
  let place = 0;
  const take = (count, width = 1) => {
    const part = flat.slice(place, place + count * width); // a copy: wide numbers want alignment
    place += count * width;
    return part;
  };
  const person = new Uint32Array(take(tracks, 4).buffer);
  const first = new Uint16Array(take(tracks, 2).buffer);
  const length = new Uint16Array(take(tracks, 2).buffer);
  const start = new Uint32Array(tracks);
  for (let k = 1; k < tracks; k++) start[k] = start[k - 1] + length[k - 1];

  const grid = () => {
    const low = take(rows);
    const high = take(rows);
    const value = new Uint16Array(rows);
    for (let k = 0; k < tracks; k++) {
      let sum = 0;
      for (let row = start[k]; row < start[k] + length[k]; row++) {
        sum = (sum + (low[row] | (high[row] << 8))) & 65535;
        value[row] = sum;
      }
    }
    return value;
  };
  const x = grid();
  const y = grid();
  const nose = take(rows);
  for (let k = 0; k < tracks; k++) {
    for (let row = start[k] + 1; row < start[k] + length[k]; row++) {
      nose[row] = (nose[row] + nose[row - 1]) & 255;
    }
  }
  const state = take(rows);
  const sight = take(cameras * rows);
  const told = new Uint16Array(flat.slice(place).buffer);
  const hider = new Uint16Array(cameras * rows).fill(NOBODY);
  for (let row = 0, next = 0; row < sight.length; row++) {
    if (sight[row] === HIDDEN) hider[row] = told[next++];
  }
  return { about, person, first, length, start, x, y, nose, state, sight, hider };
}

// Where a track is at a frame that may lie between two: [x m, y m, nose rad from east], or null.
const LONGEST_STEP_M = 2; // further apart than this, two frames are not joined

function placeOf(data, track, frame) {
  const since = Math.floor(frame) - data.first[track];
  if (since < 0 || since >= data.length[track]) return null;
  const row = data.start[track] + since;
  const unit = data.about.unit_cm / 100;
  const [west, south] = data.about.origin_cm;
  let x = west / 100 + data.x[row] * unit;
  let y = south / 100 + data.y[row] * unit;
  let nose = data.nose[row];
  const part = frame - Math.floor(frame);
  if (part > 0 && since + 1 < data.length[track]) {
    const dx = (data.x[row + 1] - data.x[row]) * unit;
    const dy = (data.y[row + 1] - data.y[row]) * unit;
    if (Math.hypot(dx, dy) <= LONGEST_STEP_M) {
      x += part * dx;
      y += part * dy;
    }
    const turn = ((data.nose[row + 1] - nose + TURN + TURN / 2) % TURN) - TURN / 2;
    nose += part * turn;
  }
  return [x, y, Math.PI / 2 - (2 * Math.PI * nose) / TURN, row];
}

// Where an officer is: rows of time, x, y, what is done from then on.
function officerAt(way, time) {
  let k = 0;
  while (k + 1 < way.length && way[k + 1][0] <= time) k++;
  const [t, x, y, doing] = way[k];
  const next = way[k + 1];
  if (!next || (doing !== "going" && doing !== "back")) return { x, y, doing };
  const part = next[0] > t ? (time - t) / (next[0] - t) : 1;
  return { x: x + part * (next[1] - x), y: y + part * (next[2] - y), doing };
}

// What an alert has come to: "", alert, pursued, stopped; for a while afterwards how it ended.
const AFTER_S = 4;
const ENDINGS = {
  unread: "left before anybody decided",
  dismissed: "dismissed by the operator",
  "no officer": "no officer free",
  lost: "not found",
};

function phaseOf(alert, time) {
  if (time < alert.alert_s) return "";
  if (time < alert.decided_s) return "alert";
  const end = alert.met_s === null ? alert.decided_s : alert.end_s;
  if (alert.met_s !== null && time < alert.met_s) return "pursued";
  if (alert.met_s !== null && time < alert.end_s) return "stopped";
  return time < end + AFTER_S && ENDINGS[alert.outcome] ? "ended" : "";
}
