// The player: picture, captions, controls and timeline. Times are seconds from the first frame.

const SPEEDS = [
  [0.5, "slow: half speed"],
  [1, "as fast as it was"],
  [4, "4 times as fast"],
  [10, "10 times as fast"],
];
const NARROW_PX = 640;
const TICK_PX = 26; // ticks closer than a finger's breadth are one
const SMALLEST_SCALE = 10; // px a metre; below, the picture begins close up
const INTRODUCTION_S = 9;
const TICKS = { alert: "Alert", stop: "Stop" };

function player(root, data) {
  const { about } = data;
  const { story } = about;
  const length = story.length_s;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const now = { time: 0, isPlaying: false, speed: SPEEDS[0][0], sights: "few", look: "whole" };
  const tracks = new Map(); // person -> tracks
  data.person.forEach((person, track) => {
    if (!tracks.has(person)) tracks.set(person, []);
    tracks.get(person).push(track);
  });

  const canvas = made("canvas", { role: "img", "aria-label": root.dataset.label });
  const pen = canvas.getContext("2d");
  const stage = made("div", { class: "stage" }, canvas);
  const caption = made("p", { class: "caption", "aria-live": "polite" });
  const play = made("button", { type: "button", class: "play" });
  const before = made("button", { type: "button" }, "Event before");
  const after = made("button", { type: "button" }, "Next event");
  const option = ([value, text]) => made("option", { value }, text);
  const speed = made("select", {}, ...SPEEDS.map(option));
  const look = made(
    "select",
    {},
    option(["whole", "whole street"]),
    ...story.cameras.map((camera, k) => option([`camera ${k}`, `camera ${camera.name}`])),
    ...(story.alerts.length ? [option(["follow", "follow the alert"])] : []),
  );
  const sights = made(
    "select",
    {},
    ...[["few", "a few"], ["all", "all"], ["none", "none"]].map(option),
  );
  const named = (text, field) => made("label", {}, made("span", {}, text), field);
  const range = made("input", {
    type: "range", min: 0, max: Math.floor(length), step: 1, value: 0, "aria-label": "Moment",
  });
  const ticks = made("div", { class: "ticks" });
  const read = made("p", { class: "read" });
  const controls = made(
    "div",
    { class: "controls" },
    play, before, after, named("Speed", speed), named("Look at", look), named("Sight lines", sights),
  );
  root.replaceChildren(
    stage, caption, made("div", { class: "timeline" }, ticks, range), controls, read, legend(),
  );

  let ink = {};
  const takeColours = () => {
    const style = getComputedStyle(root);
    const names = ["ink", "paper", "quiet", "faint", "wash", "benefit", "harm", "people", "zone"];
    ink = Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--r-${n}`).trim()]));
    ink.font = `14px ${style.fontFamily}`;
  };
  const around = boxOf([
    ...story.ground,
    story.cameras.map((camera) => camera.position_m),
    story.officers.map((way) => [way[0][1], way[0][2]]),
  ]);
  const whole = [around[0] - 1, around[1] - 1, around[2] + 1, around[3] + 1];
  let [width, height] = [0, 0];

  function isTurned() {
    return width < NARROW_PX && whole[2] - whole[0] > 1.3 * (whole[3] - whole[1]);
  }

  function fit() {
    width = Math.max(stage.clientWidth, 200);
    const [wide, high] = isTurned()
      ? [whole[3] - whole[1], whole[2] - whole[0]]
      : [whole[2] - whole[0], whole[3] - whole[1]];
    const most = width < NARROW_PX ? 480 : 560;
    const margins = MARGIN_PX[0] + MARGIN_PX[1];
    height = Math.round(Math.min(Math.max((width * high) / wide + margins, 280), most));
    const fine = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(width * fine);
    canvas.height = Math.round(height * fine);
    canvas.style.height = `${height}px`;
    pen.setTransform(fine, 0, 0, fine, 0, 0);
  }

  function alertsAt(time, frame) {
    const found = [];
    for (const alert of story.alerts) {
      const phase = phaseOf(alert, time);
      if (!phase) continue;
      let spot = null;
      if (phase === "stopped") spot = alert.met_m;
      else {
        for (const track of tracks.get(alert.person) || []) {
          spot = placeOf(data, track, frame) || spot;
        }
      }
      if (spot) found.push({ alert, phase, x: spot[0], y: spot[1] });
    }
    return found;
  }

  function followed(time, frame) {
    const alerts = story.alerts.filter((one) => (one.end_s ?? one.decided_s) + AFTER_S > time);
    const alert = alerts[0] || story.alerts[story.alerts.length - 1];
    const held = alert.met_s !== null && time >= alert.met_s;
    const [track] = tracks.get(alert.person) || [];
    if (held || track === undefined) return alert.met_m || [around[0], around[1]];
    const last = data.first[track] + data.length[track] - 1;
    return placeOf(data, track, Math.min(Math.max(frame, data.first[track]), last));
  }

  function viewNow(frame) {
    if (now.look === "whole") return viewOf(whole, width, height, isTurned());
    if (now.look === "follow") {
      const [x, y] = followed(now.time, frame);
      return closeUp(whole, x, y, FOLLOW_M, width, height, isTurned());
    }
    const camera = story.cameras[Number(now.look.split(" ")[1])];
    const [x0, y0, x1, y1] = boxOf([...camera.zone, [camera.position_m]]);
    const [left, low] = [Math.max(x0 - 1, whole[0]), Math.max(y0 - 1, whole[1])];
    const [right, top] = [Math.min(x1 + 1, whole[2]), Math.min(y1 + 1, whole[3])];
    return viewOf([left, low, right, top], width, height, isTurned());
  }

  function draw() {
    const frame = Math.min(now.time * about.rate_hz, about.frames - 1);
    const view = viewNow(frame);
    const there = peopleAt(data, frame);
    const alerts = alertsAt(now.time, frame);
    const chosen = new Set();
    for (const alert of story.alerts) {
      if (now.time > alert.alert_s - SOON_S && now.time < alert.decided_s) {
        for (const track of tracks.get(alert.person) || []) chosen.add(track);
      }
    }
    const targets = new Map(
      alerts.filter((one) => one.phase === "pursued").map((one) => [one.alert.officer, [one.x, one.y]]),
    );
    const labels = [];
    drawGround(pen, view, story, ink);
    const radius = drawPeople(pen, view, data, there, ink);
    drawSights(pen, view, data, there, chosen, now.sights, ink);
    drawCameras(pen, view, story, ink, labels);
    drawOfficers(pen, view, story, now.time, targets, ink, labels);
    drawAlerts(pen, view, alerts, radius, ink, labels);
    drawLabels(pen, view, story, labels, ink);
    drawScale(pen, view, ink);
    return there;
  }

  const introduced = introduction(story);
  function captionNow() {
    const happened = story.events.filter((event) => event.event_s <= now.time);
    const last = happened[happened.length - 1];
    if (last) {
      const together = happened.filter((event) => last.event_s - event.event_s < 1.5);
      return together.map((event) => event.words).join(" ");
    }
    const shown = introduced.filter(([from]) => from <= now.time).pop();
    if (now.time < INTRODUCTION_S) return shown[1];
    return story.events.length ? "Nobody has set off an alert yet." : "Nobody sets off an alert in these minutes.";
  }

  function tellState(there) {
    const text = captionNow();
    if (caption.textContent !== text) caption.textContent = text;
    const place = Math.min(Math.floor(now.time), Math.floor(length));
    if (Number(range.value) !== place) range.value = place;
    range.setAttribute("aria-valuetext", `${short(now.time)} of ${short(length)}, ${clock(story.clock_s + now.time)}`);
    let [clear, hidden] = [0, 0];
    for (const [, , , row] of there.values()) {
      for (let k = 0; k < about.cameras; k++) {
        if (data.sight[k * data.x.length + row] === CLEAR) clear++;
        if (data.sight[k * data.x.length + row] === HIDDEN) hidden++;
      }
    }
    const line = `${short(now.time)} of ${short(length)} · ${clock(story.clock_s + now.time)} · ` +
      `${there.size} people in the street · faces before the cameras: ${clear || "none"} clear, ${hidden || "none"} hidden`;
    if (read.textContent !== line) read.textContent = line;
    play.textContent = now.isPlaying ? "Pause" : now.time >= length ? "Play again" : "Play";
    before.disabled = !story.events.some((event) => event.event_s < now.time - 1);
    after.disabled = !story.events.some((event) => event.event_s > now.time + 0.05);
  }

  const drawn = { count: 0, ms: [] };
  let [asked, lastTick, lastTold] = [0, null, -Infinity];

  function show(tick = performance.now()) {
    const begun = performance.now();
    const there = draw();
    drawn.count++;
    if (drawn.ms.push(performance.now() - begun) > 3000) drawn.ms.shift();
    if (!now.isPlaying || tick - lastTold > 100) {
      lastTold = tick;
      tellState(there);
    }
  }

  function step(tick) {
    asked = 0;
    if (now.isPlaying) {
      if (lastTick !== null) {
        now.time = Math.min(now.time + (Math.min(tick - lastTick, 250) / 1000) * now.speed, length);
      }
      lastTick = tick;
      if (now.time >= length) now.isPlaying = false;
    }
    show(tick);
    if (now.isPlaying) soon();
  }

  function soon() {
    if (!asked) asked = requestAnimationFrame(step);
  }

  function setPlaying(isPlaying) {
    if (isPlaying && now.time >= length) now.time = 0;
    now.isPlaying = isPlaying;
    lastTick = null;
    soon();
  }

  function seek(time) {
    now.time = Math.min(Math.max(time, 0), length);
    lastTick = null;
    soon();
  }

  const nextEvent = () => {
    const event = story.events.find((one) => one.event_s > now.time + 0.05);
    if (event) seek(event.event_s + 0.01);
  };
  const eventBefore = () => {
    const event = story.events.filter((one) => one.event_s < now.time - 1).pop();
    if (event) seek(event.event_s + 0.01);
  };

  function placeTicks() {
    const wide = range.clientWidth - 16;
    const groups = [];
    for (const event of story.events.filter((one) => TICKS[one.event])) {
      const at = 8 + (wide * event.event_s) / length;
      const last = groups.filter((group) => group.kind === event.event).pop();
      if (last && at - last.at < TICK_PX) last.events.push(event);
      else groups.push({ kind: event.event, at, events: [event] });
    }
    ticks.replaceChildren(
      ...groups.map(({ kind, at, events }) => {
        const text = events.map((one) => `${short(one.event_s)} ${one.words}`).join(" ");
        const tick = made("button", { type: "button", class: kind, "aria-label": text, title: text });
        tick.style.left = `${Math.min(Math.max(at, 20), wide - 4)}px`;
        tick.append(made("span", { "aria-hidden": "true" }, events.length > 1 ? `${TICKS[kind]} ×${events.length}` : TICKS[kind]));
        tick.addEventListener("click", () => seek(events[0].event_s + 0.01));
        return tick;
      }),
    );
  }

  function lookAt(choice) {
    now.look = choice;
    look.value = choice;
    soon();
  }

  play.addEventListener("click", () => setPlaying(!now.isPlaying));
  before.addEventListener("click", eventBefore);
  after.addEventListener("click", nextEvent);
  range.addEventListener("input", () => seek(Number(range.value)));
  speed.addEventListener("change", () => (now.speed = Number(speed.value)));
  look.addEventListener("change", () => lookAt(look.value));
  sights.addEventListener("change", () => {
    now.sights = sights.value;
    soon();
  });
  const onKey = (event) => {
    if (event.key !== " " || /BUTTON|SELECT/.test(event.target.tagName)) return;
    event.preventDefault(); // or the page would scroll
    setPlaying(!now.isPlaying);
  };
  root.addEventListener("keydown", onKey);
  const onColours = () => {
    takeColours();
    soon();
  };
  dark.addEventListener("change", onColours);
  const sized = new ResizeObserver(() => {
    if (Math.max(stage.clientWidth, 200) === width) return;
    fit();
    placeTicks();
    show();
  });

  takeColours();
  fit();
  placeTicks();
  if (viewOf(whole, width, height, isTurned()).scale < SMALLEST_SCALE && story.cameras.length) {
    lookAt(story.alerts.length ? "follow" : "camera 0");
  }
  sized.observe(stage);
  show();
  let seen = null;
  if (!calm.matches) {
    seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      setPlaying(true);
    }, { threshold: 0.6 });
    seen.observe(stage);
  }
  canvas.replay = { now, drawn, story, seek, setPlaying }; // for whoever measures

  return () => {
    cancelAnimationFrame(asked);
    asked = -1; // nothing is asked for any more
    now.isPlaying = false;
    sized.disconnect();
    if (seen) seen.disconnect();
    dark.removeEventListener("change", onColours);
  };
}

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".replay");
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const { about } = aboutOf(bytes);
  root.dataset.label = about.label;
  let [isGone, stop] = [false, null];
  unpacked(bytes).then(
    (ready) => {
      if (!isGone) stop = player(root, ready);
    },
    () => {
      root.textContent = "These minutes could not be unpacked by this browser. The table below tells the same.";
    },
  );
  return () => {
    isGone = true;
    if (stop) stop();
  };
}
