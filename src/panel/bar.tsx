import { scaleLinear } from 'd3-scale';

/** A thin bar for a share from 0 to 1. The number stands beside it, so it is hidden from screen readers. */
export function Bar({ share, kind }: { share: number; kind: string }) {
  const width = scaleLinear().domain([0, 1]).range([0, 100]).clamp(true)(share);
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="8" />
      <rect class={`fill ${kind}`} width={share > 0 ? Math.max(width, 1) : 0} height="8" />
    </svg>
  );
}
