import { ABSENT, h } from './dom.js';
import { shareOfMax } from './fleet.js';
import { count, elapsed, tenths } from './format.js';
import { Big, max, mean } from './ride-series.js';

/** The large numbers of a ride: current values while it is live, means and maxima after its end. */
export class RideFigures {
  #big = {
    hr: new Big('Heart rate', 'bpm', '--line-hr'),
    w: new Big('Power', 'W', '--line-power'),
    rpm: new Big('Cadence', 'rpm', '--line-cadence'),
    res: new Big('Resistance', '', '--line-resistance'),
    s: new Big('Duration', '', '--quiet'),
  };
  node = h(
    'div',
    { class: 'bigs' },
    Object.values(this.#big).map((big) => big.node),
  );

  /** @param noRange said of a ride without a range */
  drawLive(ride, rank, series, noRange) {
    const big = this.#big;
    const range = ride.max ? `${Math.round(shareOfMax(ride) * 100)} % of max · range ${ride.min}–${ride.max}` : noRange;
    big.hr.draw(ride.hr === null ? ABSENT : String(ride.hr), ride.hr === null ? 'No HR signal' : range, rank);
    big.w.draw(count(ride.w), `mean ${count(mean(series.w))} · max ${count(max(series.w))} W`);
    big.rpm.draw(count(ride.rpm), `mean ${count(mean(series.rpm))} rpm`);
    big.res.draw(count(ride.res), `mean ${count(mean(series.res))}`);
    big.s.draw(elapsed(ride.s), `${tenths(ride.kj)} kJ so far`);
  }

  /**
   * @param ride with the limits, if known
   * @param stored the ride of the API
   * @param summary of the API; null if it is not available
   */
  drawEnded(ride, stored, summary, series) {
    const big = this.#big;
    const { heartRate = {}, power = {}, cadence = {}, resistance = {} } = summary ?? {};
    const range = ride.max ? ` · range ${ride.min}–${ride.max}` : '';
    const bpm = stored.heartRateMeanBpm ?? mean(series.hr);
    big.hr.draw(
      bpm == null ? ABSENT : count(bpm),
      bpm == null ? 'No HR signal' : `mean · max ${count(heartRate.maxBpm ?? max(series.hr))} bpm${range}`,
    );
    big.w.draw(count(power.meanW ?? mean(series.w)), `mean · max ${count(power.maxW ?? max(series.w))} W`);
    big.rpm.draw(count(cadence.meanRpm ?? mean(series.rpm)), `mean · max ${count(cadence.maxRpm ?? max(series.rpm))} rpm`);
    big.res.draw(count(resistance.mean ?? mean(series.res)), `mean · max ${count(resistance.max ?? max(series.res))}`);
    big.s.draw(elapsed(stored.durationS ?? ride.s), `${tenths(stored.energyKj)} kJ`);
  }
}
