// Drawing one moment: ground, zones, sight lines, people, officers, labels, scale.

const BODY_M = 0.23; // half a shoulder breadth
const SMALLEST_PX = 2.6; // or nobody would see the dots
const EXAMPLES = { [CLEAR]: 3, [HIDDEN]: 2 }; // lines a camera, besides those of alerts
const SOON_S = 8; // before an alert, the lines to its person are drawn
const FOLLOW_M = 24; // street shown across when an alert is followed
const MARGIN_PX = [30, 40]; // above and below the place: the north arrow, the scale, labels
const LABEL_PX = 20;
const LONGEST_LEADER_PX = 80; // from a label to what it names

function boxOf(rings) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

// A view: metres to pixels; turned by a quarter where the screen is narrow and the place long.
function viewOf(box, width, height, turned) {
  const [x0, y0, x1, y1] = box;
  const wide = turned ? y1 - y0 : x1 - x0;
  const high = turned ? x1 - x0 : y1 - y0;
  const [above, below] = MARGIN_PX;
  const scale = Math.min(width / wide, (height - above - below) / high);
  const left = (width - wide * scale) / 2;
  const top = above + (height - above - below - high * scale) / 2;
  const at = turned
    ? (x, y) => [left + (y - y0) * scale, top + (x - x0) * scale]
    : (x, y) => [left + (x - x0) * scale, top + (y1 - y) * scale];
  return { scale, turned, at, width, height };
}

// A view of so many metres across around a point, moved so that it stays within the place.
function closeUp(whole, x, y, across, width, height, turned) {
  const high = height - MARGIN_PX[0] - MARGIN_PX[1];
  const scale = Math.max(turned ? high / across : width / across, 1);
  const [east, north] = turned ? [high, width] : [width, high];
  const kept = (at, half, low, top) =>
    top - low <= 2 * half ? (low + top) / 2 : Math.min(Math.max(at, low + half), top - half);
  const [halfX, halfY] = [east / scale / 2, north / scale / 2];
  const cx = kept(x, halfX, whole[0], whole[2]);
  const cy = kept(y, halfY, whole[1], whole[3]);
  return viewOf([cx - halfX, cy - halfY, cx + halfX, cy + halfY], width, height, turned);
}

function along(view, angle) {
  return view.turned ? [Math.sin(angle), Math.cos(angle)] : [Math.cos(angle), -Math.sin(angle)];
}

function traced(pen, view, rings) {
  pen.beginPath();
  for (const ring of rings) {
    ring.forEach(([x, y], k) => {
      const [px, py] = view.at(x, y);
      if (k === 0) pen.moveTo(px, py);
      else pen.lineTo(px, py);
    });
    pen.closePath();
  }
}

function drawGround(pen, view, story, ink) {
  pen.clearRect(0, 0, view.width, view.height);
  traced(pen, view, story.ground);
  pen.fillStyle = ink.wash;
  pen.fill("evenodd");
  pen.save();
  pen.clip("evenodd");
  for (const camera of story.cameras) {
    traced(pen, view, camera.zone);
    pen.fillStyle = ink.zone;
    pen.fill();
    pen.strokeStyle = ink.faint;
    pen.lineWidth = 1;
    pen.stroke();
  }
  pen.restore();
  traced(pen, view, story.ground);
  pen.strokeStyle = ink.quiet;
  pen.lineWidth = 1;
  pen.stroke();
  pen.lineWidth = 4;
  pen.strokeStyle = ink.paper;
  pen.beginPath();
  for (const door of story.doors) {
    pen.moveTo(...view.at(...door.from_m));
    pen.lineTo(...view.at(...door.to_m));
  }
  pen.stroke(); // doors are gaps in the outline
}

function drawCameras(pen, view, story, ink, labels) {
  for (const camera of story.cameras) {
    const [px, py] = view.at(...camera.position_m);
    const [ux, uy] = along(view, Math.PI / 2 - (camera.heading_deg * Math.PI) / 180);
    pen.beginPath();
    pen.moveTo(px - 6 * ux, py - 6 * uy);
    pen.lineTo(px + 9 * ux - 7 * uy, py + 9 * uy + 7 * ux);
    pen.lineTo(px + 9 * ux + 7 * uy, py + 9 * uy - 7 * ux);
    pen.closePath();
    pen.fillStyle = ink.ink;
    pen.fill();
    // On its right hand: of two cameras back to back, one label goes to either side.
    labels.push({ x: px, y: py, to: [-uy, ux], off: 12, text: `camera ${camera.name}`, colour: ink.ink });
  }
}

// Everybody drawn at this moment: track -> [x, y, nose, row].
function peopleAt(data, frame) {
  const there = new Map();
  for (let track = 0; track < data.person.length; track++) {
    const place = placeOf(data, track, frame);
    if (place) there.set(track, place);
  }
  return there;
}

function drawSights(pen, view, data, there, chosen, which, ink) {
  if (which === "none") return;
  const rows = data.x.length;
  const pixel = (track) => view.at(there.get(track)[0], there.get(track)[1]);
  data.about.story.cameras.forEach((camera, column) => {
    const [cx, cy] = camera.position_m;
    const seen = [];
    for (const [track, [x, y, , row]] of there) {
      const sight = data.sight[column * rows + row];
      if (sight) seen.push({ track, sight, row, away: Math.hypot(x - cx, y - cy) });
    }
    seen.sort((one, other) => one.away - other.away || one.track - other.track);
    const others = { [CLEAR]: 0, [HIDDEN]: 0 };
    for (const { track, sight, row } of seen) {
      const named = chosen.has(track);
      if (!named && which === "few" && others[sight]++ >= EXAMPLES[sight]) continue;
      const hider = data.hider[column * rows + row];
      const to = sight === HIDDEN && there.has(hider) ? pixel(hider) : pixel(track);
      pen.beginPath();
      pen.moveTo(...view.at(cx, cy));
      pen.lineTo(...to);
      pen.globalAlpha = named ? 1 : 0.7;
      pen.lineWidth = named ? 2 : 1;
      pen.strokeStyle = sight === CLEAR ? ink.benefit : ink.quiet;
      pen.setLineDash(sight === CLEAR ? [] : [3, 4]);
      pen.stroke();
    }
  });
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

function drawPeople(pen, view, data, there, ink) {
  const radius = Math.max(BODY_M * view.scale, SMALLEST_PX);
  const standing = data.about.states.indexOf("standing");
  const noses = new Path2D();
  const walking = new Path2D();
  const still = new Path2D();
  for (const [x, y, nose, row] of there.values()) {
    const [px, py] = view.at(x, y);
    if (px < -20 || py < -20 || px > view.width + 20 || py > view.height + 20) continue;
    const body = data.state[row] === standing ? still : walking;
    body.moveTo(px + radius, py);
    body.arc(px, py, radius, 0, 2 * Math.PI);
    const [ux, uy] = along(view, nose);
    noses.moveTo(px + 0.5 * radius * ux, py + 0.5 * radius * uy);
    noses.lineTo(px + 1.8 * radius * ux, py + 1.8 * radius * uy);
  }
  pen.fillStyle = ink.people;
  pen.fill(walking);
  pen.fillStyle = ink.paper;
  pen.fill(still);
  pen.strokeStyle = ink.people;
  pen.lineWidth = 1.5;
  pen.stroke(still);
  pen.lineWidth = Math.max(1.2, 0.3 * radius);
  pen.stroke(noses);
  return radius;
}

function mark(pen, px, py, size, isListed) {
  pen.beginPath();
  if (isListed) pen.arc(px, py, size, 0, 2 * Math.PI);
  else {
    const reach = size * 1.25;
    pen.moveTo(px, py - reach);
    pen.lineTo(px + reach, py);
    pen.lineTo(px, py + reach);
    pen.lineTo(px - reach, py);
    pen.closePath();
  }
}

function words(alert, phase) {
  const who = alert.listed ? "on the list" : "not on the list";
  if (phase === "alert") return `alert: ${who}`;
  if (phase === "pursued") return `officer on the way: ${who}`;
  if (phase === "ended") return ENDINGS[alert.outcome];
  return alert.listed ? "stopped: on the list" : "stopped by mistake";
}

function drawAlerts(pen, view, alerts, radius, ink, labels) {
  for (const { alert, phase, x, y } of alerts) {
    const [px, py] = view.at(x, y);
    const colour = alert.listed ? ink.benefit : ink.harm;
    const size = Math.max(2.4 * radius, 10);
    if (phase === "stopped") {
      mark(pen, px, py, radius, true);
      pen.fillStyle = ink.people;
      pen.fill();
    }
    pen.strokeStyle = colour;
    pen.lineWidth = phase === "stopped" ? 4 : 2.5;
    mark(pen, px, py, size, alert.listed);
    pen.stroke();
    if (phase === "pursued") {
      pen.lineWidth = 1.5;
      mark(pen, px, py, size + 5, alert.listed);
      pen.stroke();
    }
    const text = words(alert, phase);
    labels.push({ x: px, y: py, to: [0, -1], off: size + 6, text, colour, isBold: true });
  }
}

function drawOfficers(pen, view, story, time, targets, ink, labels) {
  const taken = new Map(); // several stand at one post: side by side, or they would hide each other
  story.officers.forEach((way, k) => {
    const { x, y, doing } = officerAt(way, time);
    if (doing === "away") return;
    const size = Math.max(0.5 * view.scale, 9);
    let [px, py] = view.at(x, y);
    const spot = `${Math.round(px / size)} ${Math.round(py / size)}`;
    const before = taken.get(spot) || 0;
    taken.set(spot, before + 1);
    px += before * (size + 3);
    if (doing === "with") px += size * 1.6;
    const target = targets.get(k + 1);
    if (doing === "going" && target) {
      pen.beginPath();
      pen.moveTo(px, py);
      pen.lineTo(...view.at(...target));
      pen.setLineDash([2, 5]);
      pen.lineWidth = 2;
      pen.strokeStyle = ink.ink;
      pen.stroke();
      pen.setLineDash([]);
    }
    pen.fillStyle = ink.ink;
    pen.fillRect(px - size / 2, py - size / 2, size, size);
    pen.strokeStyle = ink.paper;
    pen.lineWidth = 1;
    pen.strokeRect(px - size / 2, py - size / 2, size, size);
    if (doing === "going" || doing === "with") {
      labels.push({ x: px, y: py, to: [1, 0], off: size, text: `officer ${k + 1}`, colour: ink.ink });
    }
  });
}

// The place on the screen: its upper and lower edge in pixels.
function edges(view, story) {
  const box = boxOf(story.ground.map((ring) => ring.map(([x, y]) => view.at(x, y))));
  return [box[1], box[3]];
}

// Labels last, each on a patch of paper: beside the street, with a line to what they name, where
// that is not far; else next to it. A label that would cover another, or the scale, moves aside.
function drawLabels(pen, view, story, labels, ink) {
  const done = [scaleBox(view), [view.width - 46, 0, 46, 46]]; // left, top, width, height
  const [upper, lower] = edges(view, story);
  pen.textBaseline = "middle";
  for (const { x, y, to, off, text, colour, isBold } of labels.reverse()) {
    if (x < -10 || x > view.width + 10 || y < -10 || y > view.height + 10) continue;
    pen.font = isBold ? `600 ${ink.font}` : ink.font;
    const wide = pen.measureText(text).width + 10;
    const isUp = isBold ? y - upper < lower - y : to[1] < 0;
    const room = isUp ? upper > LABEL_PX + 6 : lower < view.height - LABEL_PX - 6;
    const isBeside =
      room && Math.abs(to[1]) > 0.7 && (isUp ? y - upper : lower - y) < LONGEST_LEADER_PX;
    const edge = isUp
      ? Math.min(upper - 4, y - off) - LABEL_PX
      : Math.max(lower + 4, y + off);
    const start = [
      x + to[0] * (off + wide / 2) - wide / 2,
      isBeside ? edge : y + to[1] * (off + LABEL_PX / 2) - LABEL_PX / 2,
    ];
    const within = ([left, top]) => [
      Math.min(Math.max(left, 4), view.width - wide - 4),
      Math.min(Math.max(top, 4), view.height - LABEL_PX - 4),
    ];
    const isFree = ([left, top]) =>
      !done.some(([l, t, w, h]) => left < l + w && l < left + wide && top < t + h && t < top + LABEL_PX);
    const out = (isBeside ? isUp : to[1] < 0) ? -LABEL_PX - 2 : LABEL_PX + 2;
    const tries = [[0, 0], [0, out], [0.7, 0], [-0.7, 0], [0.7, out], [-0.7, out], [0, -out], [0, 2 * out]]
      .map(([aside, down]) => within([start[0] + aside * wide, start[1] + down]));
    const [left, top] = tries.find(isFree) || tries[0];
    done.push([left, top, wide, LABEL_PX]);
    if (isBeside) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x, isUp ? y - off : y + off);
      pen.lineTo(Math.min(Math.max(x, left), left + wide), isUp ? top + LABEL_PX : top);
      pen.stroke();
    }
    pen.globalAlpha = 0.9;
    pen.fillStyle = ink.paper;
    pen.fillRect(left, top, wide, LABEL_PX);
    pen.globalAlpha = 1;
    pen.fillStyle = colour;
    pen.fillText(text, left + 5, top + LABEL_PX / 2 + 0.5);
  }
}

function scaleOf(view) {
  return [1, 2, 5, 10, 20, 50, 100].filter((m) => m * view.scale <= 130).pop() || 1;
}

function scaleBox(view) {
  return [8, view.height - 38, Math.max(scaleOf(view) * view.scale, 34) + 12, 34];
}

function drawScale(pen, view, ink) {
  const metres = scaleOf(view);
  const long = metres * view.scale;
  const [left, foot] = [14, view.height - 12];
  pen.fillStyle = ink.paper;
  pen.globalAlpha = 0.9;
  pen.fillRect(...scaleBox(view));
  pen.globalAlpha = 1;
  pen.strokeStyle = ink.ink;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(left, foot - 5);
  pen.lineTo(left, foot);
  pen.lineTo(left + long, foot);
  pen.lineTo(left + long, foot - 5);
  pen.stroke();
  pen.fillStyle = ink.ink;
  pen.font = ink.font;
  pen.textBaseline = "alphabetic";
  pen.fillText(`${metres} m`, left, foot - 10);
  const [ux, uy] = along(view, Math.PI / 2);
  const [nx, ny] = [view.width - 22, 24];
  pen.beginPath();
  pen.moveTo(nx - 9 * ux, ny - 9 * uy);
  pen.lineTo(nx + 9 * ux, ny + 9 * uy);
  pen.lineTo(nx + 4 * ux - 4 * uy, ny + 4 * uy + 4 * ux);
  pen.moveTo(nx + 9 * ux, ny + 9 * uy);
  pen.lineTo(nx + 4 * ux + 4 * uy, ny + 4 * uy - 4 * ux);
  pen.lineWidth = 1.5;
  pen.stroke();
  pen.textBaseline = "middle";
  pen.fillText("N", nx - 17 * ux - 5, ny - 17 * uy);
}
