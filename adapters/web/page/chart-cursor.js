/** A Chart.js plugin: a line where the values are read and a dot on each curve, and the part that is being chosen. */
export const cursor = {
  id: 'cursor',
  afterDraw(chart, _, { colour, ground, selected }) {
    const { ctx, chartArea, scales, $cursor, $selected } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top - 5, chartArea.width, chartArea.height + 10);
    ctx.clip();
    if ($selected) {
      const [from, to] = [$selected.from, $selected.to].sort((a, b) => a - b);
      ctx.fillStyle = selected;
      ctx.fillRect(from, chartArea.top, to - from, chartArea.height);
    }
    if ($cursor) {
      const x = scales.x.getPixelForValue($cursor.x);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      for (const row of $cursor.rows) {
        ctx.beginPath();
        ctx.arc(scales.x.getPixelForValue(row.x), scales.y.getPixelForValue(row.y), 3.5, 0, 2 * Math.PI);
        ctx.fillStyle = chart.data.datasets[row.index].borderColor;
        ctx.fill();
        ctx.strokeStyle = ground;
        ctx.lineWidth = 1.5;
        ctx.stroke();
      }
    }
    ctx.restore();
  },
};
