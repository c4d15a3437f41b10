// Small parts of the player: elements, times in words, the introduction, the legend.

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (value) => String(value).padStart(2, "0");
  return `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function short(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function introduction(story) {
  const names = story.cameras.map((camera) => camera.name);
  const whose = names.length === 1 ? `camera ${names[0]}` : "a camera";
  const told = [
    [0, "The street from above, to scale. Each dot is a person; its short line is the nose."],
  ];
  if (names.length) {
    told.push([2.5, `A pale wedge is the ground on which ${whose} can use a face.`]);
    told.push([5, "Thin line: the camera has that face. Broken line: the head at its end is in the way."]);
  }
  return told;
}

function legend() {
  const signs = [
    ["walk", "person, walking; the line is the nose"],
    ["stand", "standing"],
    ["listed", "alert, on the list"],
    ["unlisted", "alert, not on the list"],
    ["pursued", "an officer is on the way (two rings)"],
    ["stopped", "stopped (thick ring)"],
    ["officer", "officer"],
    ["clear", "the camera has the face"],
    ["hidden", "a head is in the way"],
    ["zone", "where the camera can use a face"],
  ];
  const items = signs.map(([sign, text]) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const [shape, kind, values] of SIGNS[sign]) {
      const drawn = document.createElementNS("http://www.w3.org/2000/svg", shape);
      drawn.setAttribute("class", kind);
      for (const [name, value] of Object.entries(values)) drawn.setAttribute(name, value);
      svg.append(drawn);
    }
    return made("li", {}, svg, made("span", {}, text));
  });
  return made("ul", { class: "legend", "aria-label": "Signs in the picture" }, ...items);
}

const DOT = ["circle", "person", { cx: 12, cy: 12, r: 4 }];
const NOSE = ["line", "nose", { x1: 12, y1: 12, x2: 20, y2: 12 }];
const SIGNS = {
  walk: [DOT, NOSE],
  stand: [["circle", "still", { cx: 12, cy: 12, r: 4 }], NOSE],
  listed: [DOT, ["circle", "benefit", { cx: 12, cy: 12, r: 9 }]],
  unlisted: [DOT, ["path", "harm", { d: "M12 1 23 12 12 23 1 12Z" }]],
  pursued: [
    ["circle", "person", { cx: 12, cy: 12, r: 3 }],
    ["circle", "ring", { cx: 12, cy: 12, r: 7 }],
    ["circle", "ring", { cx: 12, cy: 12, r: 11 }],
  ],
  stopped: [DOT, ["circle", "thick", { cx: 12, cy: 12, r: 9 }]],
  officer: [["rect", "officer", { x: 6, y: 6, width: 12, height: 12 }]],
  clear: [["line", "benefit", { x1: 1, y1: 18, x2: 23, y2: 6 }]],
  hidden: [["line", "broken", { x1: 1, y1: 18, x2: 23, y2: 6 }]],
  zone: [["path", "zone", { d: "M2 12 22 3 22 21Z" }]],
};
