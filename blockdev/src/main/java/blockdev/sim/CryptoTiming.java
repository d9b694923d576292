package blockdev.sim;

/**
 * How long a device takes for its keys, and how fast it encrypts. Its keys are one station: while
 * one is programmed, evicted, wrapped or derived, others wait.
 *
 * @param programNs to program a keyslot
 * @param evictNs to evict a key from one
 * @param deriveNs to derive the software secret of a hardware-wrapped key
 * @param prepareNs to import, generate or prepare a hardware-wrapped key
 * @param engineBytesPerSecond what the inline engine encrypts or decrypts, or {@link
 *     MediaTiming#UNLIMITED}
 * @param resumeNs from suspended to ready for programming
 * @param suspendAfterNs idle time after which the device is suspended; 0 for never
 */
public record CryptoTiming(
    long programNs,
    long evictNs,
    long deriveNs,
    long prepareNs,
    long engineBytesPerSecond,
    long resumeNs,
    long suspendAfterNs) {
  /** Keys cost no time. */
  public static final CryptoTiming FREE = new CryptoTiming(0, 0, 0, 0, MediaTiming.UNLIMITED, 0, 0);

  public CryptoTiming {
    if ((programNs | evictNs | deriveNs | prepareNs | resumeNs | suspendAfterNs) < 0) {
      throw new IllegalArgumentException("a time must not be negative");
    }
    if (engineBytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "engineBytesPerSecond must be positive, is " + engineBytesPerSecond);
    }
  }

  public CryptoTiming withProgramNs(long other) {
    return new CryptoTiming(
        other, evictNs, deriveNs, prepareNs, engineBytesPerSecond, resumeNs, suspendAfterNs);
  }

  public CryptoTiming withEngineBytesPerSecond(long other) {
    return new CryptoTiming(
        programNs, evictNs, deriveNs, prepareNs, other, resumeNs, suspendAfterNs);
  }

  /** The same, suspended after so much idle time; 0 for never. */
  public CryptoTiming withSuspendAfterNs(long other) {
    return new CryptoTiming(
        programNs, evictNs, deriveNs, prepareNs, engineBytesPerSecond, resumeNs, other);
  }
}
