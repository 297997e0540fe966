/** One turn of the wheel, or a press of + or -, shows so much less or more. */
const ZOOM = 1.25;
/** Arrow keys go through what is shown in so many steps. */
const STEPS = 50;
/** A drag that is shorter is a click, pixels. */
const DRAG = 8;

/**
 * What pointers do on a chart; returns how to stop. The mouse: hovering reads, dragging chooses a part, a double click shows all, and the
 * wheel zooms with Ctrl held, once the chart was clicked, or in a dialog, so that who scrolls past it goes on scrolling. Touch: a finger reads, two zoom.
 */
export function followPointer(chart, { isOfNumbers, isZoomed, setPlace, setRange }) {
  const { canvas } = chart;
  const fingers = new Map();
  let from = null;
  let pinch = null;
  const at = (event) => event.clientX - canvas.getBoundingClientRect().left;
  const inside = (x) => Math.min(Math.max(x, chart.chartArea.left), chart.chartArea.right);
  const read = (event) => {
    const x = inside(at(event));
    if (isOfNumbers()) return setPlace({ at: chart.scales.x.getValueForPixel(x), x });
    const isUpright = chart.options.indexAxis === 'y';
    const scale = isUpright ? chart.scales.y : chart.scales.x;
    const pixel = isUpright ? event.clientY - canvas.getBoundingClientRect().top : x;
    const index = Math.min(
      Math.max(Math.round(scale.getValueForPixel(pixel)), 0),
      chart.data.labels.length - 1,
    );
    return setPlace({ at: index, x: at(event) });
  };
  const select = (to) => {
    chart.$selected = to === null ? null : { from, to };
    chart.draw();
  };
  const spread = () => {
    const xs = [...fingers.values()];
    return { middle: (xs[0] + xs[1]) / 2, width: Math.max(20, Math.abs(xs[0] - xs[1])) };
  };

  const listeners = {
    pointerdown(event) {
      if (event.pointerType === 'touch') {
        fingers.set(event.pointerId, inside(at(event)));
        if (fingers.size === 2 && isOfNumbers()) {
          const { min, max } = chart.scales.x;
          const { middle, width } = spread();
          pinch = { min, max, width, value: chart.scales.x.getValueForPixel(middle) };
          setPlace(null);
        } else read(event);
      } else if (event.button === 0 && isOfNumbers()) {
        from = inside(at(event));
        canvas.setPointerCapture(event.pointerId);
      }
    },
    pointermove(event) {
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, inside(at(event)));
      if (pinch && fingers.size === 2) {
        const { middle, width } = spread();
        const shown = ((pinch.max - pinch.min) * pinch.width) / width;
        const { left, width: room } = chart.chartArea;
        const min = pinch.value - (shown * (middle - left)) / room;
        setRange({ min, max: min + shown });
        return;
      }
      if (from !== null) select(inside(at(event)));
      read(event);
    },
    pointerup(event) {
      lift(event);
      if (from === null) return;
      const to = inside(at(event));
      if (Math.abs(to - from) >= DRAG) {
        const [min, max] = [from, to].sort((a, b) => a - b).map((x) => chart.scales.x.getValueForPixel(x));
        setRange({ min, max });
      }
      select(null);
      from = null;
    },
    pointercancel(event) {
      lift(event);
      from = null;
      select(null);
    },
    pointerleave(event) {
      if (event.pointerType !== 'touch' && from === null && document.activeElement !== canvas) setPlace(null);
    },
    dblclick: () => setRange(null),
    wheel(event) {
      const isMeant =
        event.ctrlKey || event.metaKey || document.activeElement === canvas || canvas.closest('dialog');
      // Who has all of it and turns on goes on scrolling.
      const isOut = event.deltaY >= 0 && !isZoomed();
      if (!isMeant || isOut || !isOfNumbers()) return;
      event.preventDefault();
      zoom(
        chart,
        event.deltaY < 0 ? 1 / ZOOM : ZOOM,
        chart.scales.x.getValueForPixel(inside(at(event))),
        setRange,
      );
    },
    blur: () => setPlace(null),
  };
  function lift({ pointerId }) {
    fingers.delete(pointerId);
    if (fingers.size < 2) pinch = null;
  }
  for (const [name, listener] of Object.entries(listeners))
    canvas.addEventListener(name, listener, name === 'wheel' ? { passive: false } : undefined);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) canvas.removeEventListener(name, listener);
  };
}

/** What keys do on a chart; returns how to stop. */
export function followKeys(chart, { isOfNumbers, names, place, setPlace, setRange }) {
  const { canvas } = chart;
  const go = (to) => {
    if (!isOfNumbers()) {
      const at = Math.min(Math.max(Math.round(to), 0), names() - 1);
      const isUpright = chart.options.indexAxis === 'y';
      return setPlace({ at, x: isUpright ? chart.chartArea.left : chart.scales.x.getPixelForValue(at) });
    }
    const { min, max } = chart.scales.x;
    const at = Math.min(Math.max(to, min), max);
    return setPlace({ at, x: chart.scales.x.getPixelForValue(at) });
  };
  const onKey = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { min, max } = isOfNumbers() ? chart.scales.x : { min: 0, max: names() - 1 };
    const step = isOfNumbers() ? (max - min) / STEPS : 1;
    const here = place()?.at ?? min - step;
    const zoomBy = (factor) => isOfNumbers() && zoom(chart, factor, place()?.at ?? (min + max) / 2, setRange);
    const action = {
      ArrowRight: () => go(here + step),
      ArrowDown: () => go(here + step),
      ArrowLeft: () => go(here - step),
      ArrowUp: () => go(here - step),
      Home: () => go(min),
      End: () => go(max),
      '+': () => zoomBy(1 / ZOOM),
      '=': () => zoomBy(1 / ZOOM),
      '-': () => zoomBy(ZOOM),
      0: () => setRange(null),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  canvas.addEventListener('keydown', onKey);
  return () => canvas.removeEventListener('keydown', onKey);
}

/** Shows `factor` times as much, with `value` staying where it is. */
function zoom(chart, factor, value, setRange) {
  const { min, max } = chart.scales.x;
  setRange({ min: value - (value - min) * factor, max: value + (max - value) * factor });
}
