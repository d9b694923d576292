package blockdev.nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The 16-bit guard of protection information: CRC-16/T10-DIF, polynomial 8BB7h, initial value 0,
 * not reflected. Sixteen bytes at a time, from tables.
 */
public final class GuardCrc {
  /** What the guard of nothing is, and what a computation starts from. */
  public static final int INITIAL = 0;

  private static final int POLYNOMIAL = 0x8BB7;
  private static final int STRIDE = 16;
  private static final char[] TABLES = tables(); // [k * 256 + b]: byte b with k bytes behind it

  private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private GuardCrc() {}

  private static char[] tables() {
    char[] tables = new char[STRIDE * 256];
    for (int b = 0; b < 256; b++) {
      int crc = b << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
      }
      tables[b] = (char) crc;
    }
    for (int i = 256; i < tables.length; i++) {
      int before = tables[i - 256];
      tables[i] = (char) (before << 8 ^ tables[before >>> 8]);
    }
    return tables;
  }

  /** The guard of what {@code crc} is the guard of, followed by {@code lengthBytes} more. */
  public static int update(int crc, MemorySegment bytes, long offset, long lengthBytes) {
    long at = offset;
    long end = offset + lengthBytes;
    int guard = crc;
    for (; at <= end - STRIDE; at += STRIDE) {
      long high = bytes.get(BIG_ENDIAN_LONG, at) ^ (long) guard << 48;
      long low = bytes.get(BIG_ENDIAN_LONG, at + Long.BYTES);
      guard = fold(high, 8) ^ fold(low, 0);
    }
    for (; at < end; at++) {
      int b = bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
      guard = guard << 8 & 0xFFFF ^ TABLES[guard >>> 8 ^ b];
    }
    return guard;
  }

  /** What eight bytes with {@code behind} bytes behind them add. */
  private static int fold(long bytes, int behind) {
    int at = behind << 8;
    return TABLES[at | (int) bytes & 0xFF]
        ^ TABLES[at + 0x100 | (int) (bytes >>> 8) & 0xFF]
        ^ TABLES[at + 0x200 | (int) (bytes >>> 16) & 0xFF]
        ^ TABLES[at + 0x300 | (int) (bytes >>> 24) & 0xFF]
        ^ TABLES[at + 0x400 | (int) (bytes >>> 32) & 0xFF]
        ^ TABLES[at + 0x500 | (int) (bytes >>> 40) & 0xFF]
        ^ TABLES[at + 0x600 | (int) (bytes >>> 48) & 0xFF]
        ^ TABLES[at + 0x700 | (int) (bytes >>> 56) & 0xFF];
  }
}
