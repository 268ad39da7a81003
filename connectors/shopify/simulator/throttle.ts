// The leaky bucket of points that one app has at one shop.
import type { Clock } from "../../../src/world/world.ts";

/** Points restored each second, by the shop's plan; the bucket holds twenty seconds of it. */
const PLANS = { standard: 100, advanced: 200, plus: 1000, enterprise: 2000 } as const;
export type Plan = keyof typeof PLANS;
const BUCKET_SECONDS = 20;

export class PointsBucket {
  readonly maximumAvailable: number;
  readonly restoreRate: number;
  readonly #clock: Clock;
  #available: number;
  #at: number;

  constructor(clock: Clock, plan: Plan) {
    this.#clock = clock;
    this.restoreRate = PLANS[plan];
    this.maximumAvailable = this.restoreRate * BUCKET_SECONDS;
    this.#available = this.maximumAvailable;
    this.#at = clock.now();
  }

  get available(): number {
    const now = this.#clock.now();
    const restored = ((now - this.#at) / 1000) * this.restoreRate;
    this.#available = Math.min(this.maximumAvailable, this.#available + Math.max(0, restored));
    this.#at = now;
    return this.#available;
  }

  take(points: number): void {
    this.#available = this.available - points;
  }

  status(): { readonly maximumAvailable: number; readonly currentlyAvailable: number; readonly restoreRate: number } {
    return {
      maximumAvailable: this.maximumAvailable,
      currentlyAvailable: Math.floor(this.available),
      restoreRate: this.restoreRate,
    };
  }
}
