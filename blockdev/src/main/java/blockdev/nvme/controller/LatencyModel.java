package blockdev.nvme.controller;

/**
 * How long the device takes: a command keeps one of several parallel units busy for a fixed time
 * and then moves its bytes over one link. A command's unit follows from its address, 4 KiB after 4
 * KiB round the units.
 *
 * @param commandNs busy time of a unit for each command
 * @param linkBytesPerSecond bandwidth that all commands share
 * @param parallelUnits commands that can be under way at once
 * @param slotProgramNs time to program a keyslot, during which lookups wait
 * @param slotEvictNs time to evict a key from a keyslot, likewise
 * @param keyWrapNs time to import, generate or prepare a hardware-wrapped key, likewise
 * @param secretDeriveNs time to derive the software secret of one, likewise
 */
public record LatencyModel(
    long commandNs,
    long linkBytesPerSecond,
    int parallelUnits,
    long slotProgramNs,
    long slotEvictNs,
    long keyWrapNs,
    long secretDeriveNs) {
  /**
   * Phone storage with Qualcomm's inline engine. 90 µs for a read at depth 1, 15 µs to program and
   * 10 µs to evict are assumed, for nobody publishes them; 2.1 GB/s and, with 9 units, 100,000
   * reads a second are a vendor's figures for UFS 3.1.
   */
  public static final LatencyModel UFS_31 =
      new LatencyModel(90_000, 2_100_000_000L, 9, 15_000, 10_000);

  /**
   * The same with hardware-wrapped keys: 100 µs to program and to derive, 200 µs to wrap, all
   * assumed.
   */
  public static final LatencyModel UFS_31_WRAPPED =
      new LatencyModel(90_000, 2_100_000_000L, 9, 100_000, 10_000, 200_000, 100_000);

  /** Of a device without hardware-wrapped keys. */
  public LatencyModel(
      long commandNs,
      long linkBytesPerSecond,
      int parallelUnits,
      long slotProgramNs,
      long slotEvictNs) {
    this(commandNs, linkBytesPerSecond, parallelUnits, slotProgramNs, slotEvictNs, 0, 0);
  }

  public LatencyModel {
    if ((commandNs | slotProgramNs | slotEvictNs | keyWrapNs | secretDeriveNs) < 0) {
      throw new IllegalArgumentException("a latency must not be negative");
    }
    if (linkBytesPerSecond < 1 || parallelUnits < 1) {
      throw new IllegalArgumentException(
          "bandwidth and parallelUnits must be positive, are "
              + linkBytesPerSecond
              + " and "
              + parallelUnits);
    }
  }

  long transferNs(int bytes) {
    return Math.ceilDiv(bytes * 1_000_000_000L, linkBytesPerSecond);
  }

  int unitOf(long offsetBytes) {
    return (int) ((offsetBytes >>> 12) % parallelUnits);
  }
}
