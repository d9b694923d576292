package blockdev.nvme.controller.kpio;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * With which key each logical block of a namespace was written: a check value for each, in metadata
 * that no host sees. A block that was never written has 0, and any key suits it.
 *
 * <p>Kept in memory by the megablock, so that a large namespace costs what was written of it.
 */
final class KeyChecks {
  private static final int SHIFT = 16; // blocks of a chunk
  private static final int CHUNK = 1 << SHIFT;

  private final List<int @Nullable []> chunks = new ArrayList<>();

  /** Notes that {@code blocks} blocks from {@code lba} on were written with the key of a check. */
  void written(long lba, long blocks, int check) {
    for (long at = lba; at < lba + blocks; at++) {
      chunk((int) (at >>> SHIFT))[(int) at & (CHUNK - 1)] = check;
    }
  }

  /** Notes that the blocks are unwritten again. */
  void forget(long lba, long blocks) {
    written(lba, blocks, 0);
  }

  void forgetAll() {
    chunks.clear();
  }

  /** Whether a key with {@code check} is the one of every block that was written. */
  boolean match(long lba, long blocks, int check) {
    for (long at = lba; at < lba + blocks; at++) {
      int index = (int) (at >>> SHIFT);
      int[] chunk = index < chunks.size() ? chunks.get(index) : null;
      int written = chunk == null ? 0 : chunk[(int) at & (CHUNK - 1)];
      if (written != 0 && written != check) {
        return false;
      }
    }
    return true;
  }

  private int[] chunk(int index) {
    while (chunks.size() <= index) {
      chunks.add(null);
    }
    int[] chunk = chunks.get(index);
    if (chunk == null) {
      chunk = new int[CHUNK];
      chunks.set(index, chunk);
    }
    return chunk;
  }
}
