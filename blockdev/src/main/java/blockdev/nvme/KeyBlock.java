package blockdev.nvme;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What a device without keyslots finds its key in: 128 bytes of host memory, little-endian.
 *
 * <pre>
 *  0 mode (4) | 4 data unit size in bytes (4) | 8 key length in bytes (4) | 12 zero (4)
 * 16 key (64) | 80 zero (48)
 * </pre>
 *
 * <p>A mode's number is blk-crypto's. The block is 128 bytes long, as a scatter entry of Samsung's
 * FMP is with its key. Static accessors: {@code at} is the block's first byte.
 */
public final class KeyBlock {
  public static final int BYTES = 128;

  private static final int MODE = 0;
  private static final int DATA_UNIT_SIZE = 4;
  private static final int KEY_LENGTH = 8;
  private static final int KEY = 16;
  private static final int MAX_KEY_BYTES = 64;
  private static final CryptoMode[] MODES = CryptoMode.values();

  private KeyBlock() {}

  public static void put(
      MemorySegment memory, long at, CryptoMode mode, int dataUnitSizeBytes, MemorySegment key) {
    assert key.byteSize() <= MAX_KEY_BYTES : key.byteSize();
    memory.set(SubmissionEntry.INT, at + MODE, mode.linuxNumber());
    memory.set(SubmissionEntry.INT, at + DATA_UNIT_SIZE, dataUnitSizeBytes);
    memory.set(SubmissionEntry.INT, at + KEY_LENGTH, (int) key.byteSize());
    MemorySegment.copy(key, 0, memory, at + KEY, key.byteSize());
  }

  public static void wipe(MemorySegment memory, long at) {
    memory.asSlice(at, BYTES).fill((byte) 0);
  }

  /** The mode, null if there is none of that number or the key is not of its length. */
  public static @Nullable CryptoMode mode(MemorySegment memory, long at) {
    int number = memory.get(SubmissionEntry.INT, at + MODE);
    int keyBytes = memory.get(SubmissionEntry.INT, at + KEY_LENGTH);
    for (CryptoMode mode : MODES) {
      if (mode.linuxNumber() == number && number != 0 && mode.keyBytes() == keyBytes) {
        return mode;
      }
    }
    return null;
  }

  public static int dataUnitSizeBytes(MemorySegment memory, long at) {
    return memory.get(SubmissionEntry.INT, at + DATA_UNIT_SIZE);
  }

  /** The key of {@code mode} in the block. */
  public static MemorySegment key(MemorySegment memory, long at, CryptoMode mode) {
    return memory.asSlice(at + KEY, mode.keyBytes());
  }
}
