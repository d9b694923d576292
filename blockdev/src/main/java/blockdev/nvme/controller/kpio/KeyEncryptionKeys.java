package blockdev.nvme.controller.kpio;

import inlinecrypt.wrapped.AesKeyWrap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The SSC's table KeyEncryptionKey: keys that wrap others, each in a row under the identifier it
 * was imported with. They outlive power cycles. No way leads out again but {@link #unwrap}.
 */
final class KeyEncryptionKeys {
  static final int ROWS = 4;
  static final int NOT_THERE = -1;

  private final @Nullable String[] uids = new String[ROWS];
  private final byte[][] keys = new byte[ROWS][AesKeyWrap.KEK_BYTES];
  private final boolean[] locked = new boolean[ROWS];
  private final boolean[] locksOnReset = new boolean[ROWS];

  /** The row of the key with this identifier, or {@link #NOT_THERE}. */
  int row(String uid) {
    for (int row = 0; row < ROWS; row++) {
      if (uid.equals(uids[row])) {
        return row;
      }
    }
    return NOT_THERE;
  }

  boolean isEmpty(int row) {
    return uids[row] == null;
  }

  /** Copies {@code key} into a row. */
  void put(int row, String uid, byte[] key) {
    uids[row] = uid;
    System.arraycopy(key, 0, keys[row], 0, AesKeyWrap.KEK_BYTES);
  }

  /** What {@code wrapped} holds, which the caller wipes; null if it does not open. */
  byte @Nullable [] unwrap(int row, byte[] wrapped) {
    return AesKeyWrap.unwrap(keys[row], wrapped);
  }

  boolean isLocked(int row) {
    return locked[row];
  }

  void setLocked(int row, boolean value) {
    locked[row] = value;
  }

  void setLocksOnReset(int row, boolean value) {
    locksOnReset[row] = value;
  }

  /** A programmatic reset locks the rows that are set up so. */
  void programmaticReset() {
    for (int row = 0; row < ROWS; row++) {
      locked[row] |= locksOnReset[row];
    }
  }

  void wipe() {
    Arrays.fill(uids, null);
    for (byte[] key : keys) {
      Arrays.fill(key, (byte) 0);
    }
  }
}
