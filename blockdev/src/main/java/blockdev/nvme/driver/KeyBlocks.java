package blockdev.nvme.driver;

import blockdev.memory.HostMemory;
import blockdev.nvme.KeyBlock;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The host's {@link KeyBlock}s for a queue pair of a device without keyslots, one for each tag. A
 * block holds key bytes while its command is under way, and zeroes at all other times.
 */
final class KeyBlocks {
  private static final int BLOCKS_IN_PAGE = HostMemory.PAGE_BYTES / KeyBlock.BYTES;

  private final MemorySegment memory;
  private final long[] pages;
  private final @Nullable CryptoKey[] keys; // by tag: what a block holds

  KeyBlocks(HostMemory memory, int depth) {
    this.memory = memory.segment();
    pages = new long[Math.ceilDiv(depth, BLOCKS_IN_PAGE)];
    for (int page = 0; page < pages.length; page++) {
      pages[page] = Rings.allocate(memory, HostMemory.PAGE_BYTES);
    }
    keys = new CryptoKey[depth];
  }

  /**
   * Writes the block of {@code tag}, and keeps the key open until {@link #wipe}. If the key was
   * closed since its bio was checked, the block stays empty, and the device refuses the command.
   *
   * @return where the block is in host memory
   */
  long put(int tag, CryptoKey key) {
    long at = offset(tag);
    try {
      key.beginUse();
    } catch (IllegalStateException closed) {
      return at;
    }
    keys[tag] = key;
    CryptoConfig config = key.config();
    KeyBlock.put(memory, at, config.mode(), config.dataUnitSizeBytes(), key.exposeSecretBytes());
    return at;
  }

  /** Wipes the block of {@code tag} if it was written. */
  void wipe(int tag) {
    CryptoKey key = keys[tag];
    if (key != null) {
      keys[tag] = null;
      KeyBlock.wipe(memory, offset(tag));
      key.endUse();
    }
  }

  private long offset(int tag) {
    return pages[tag / BLOCKS_IN_PAGE] + (long) (tag % BLOCKS_IN_PAGE) * KeyBlock.BYTES;
  }
}
