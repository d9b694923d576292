package blockdev.sim;

/** How long a device takes, for its keys and for its medium. */
public record DeviceTiming(CryptoTiming keys, MediaTiming media) {
  /** No time at all. */
  public static final DeviceTiming FREE = new DeviceTiming(CryptoTiming.FREE, MediaTiming.NULL);
}
