package blockdev.nvme.controller;

import blockdev.nvme.Feature;
import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The device's idea of the time (feature 0Eh): milliseconds since a host's epoch, or a reset. */
final class Timestamp {
  private static final long VALUE_MASK = (1L << 48) - 1;
  private static final int ORIGIN = 6;
  private static final int SET_BY_HOST = 1 << 1;
  private static final long NS_PER_MS = 1_000_000;

  private long value;
  private long sinceNs;
  private boolean setByHost;

  /** Takes the 8 bytes of Set Features. */
  void set(MemorySegment data, long nowNs) {
    value = data.get(SubmissionEntry.LONG, 0) & VALUE_MASK;
    sinceNs = nowNs;
    setByHost = true;
  }

  /** The 8 bytes of Get Features. */
  byte[] get(long nowNs) {
    byte[] bytes = new byte[Feature.TIMESTAMP_BYTES];
    MemorySegment data = MemorySegment.ofArray(bytes);
    data.set(SubmissionEntry.LONG, 0, value + (nowNs - sinceNs) / NS_PER_MS & VALUE_MASK);
    data.set(ValueLayout.JAVA_BYTE, ORIGIN, (byte) (setByHost ? SET_BY_HOST : 0));
    return bytes;
  }

  void reset(long nowNs) {
    value = 0;
    sinceNs = nowNs;
    setByHost = false;
  }
}
