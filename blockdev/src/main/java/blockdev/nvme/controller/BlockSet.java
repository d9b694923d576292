package blockdev.nvme.controller;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A set of logical blocks, a bit for each, in chunks that exist only where some blocks of a chunk
 * are in the set and others are not. A set that nothing was ever added to takes no memory.
 *
 * <p>Threads may use disjoint ranges at the same time.
 */
final class BlockSet {
  private static final int CHUNK_SHIFT = 18; // blocks of a chunk: 32 KiB of bits
  private static final int CHUNK_BLOCKS = 1 << CHUNK_SHIFT;
  private static final int CHUNK_WORDS = CHUNK_BLOCKS / Long.SIZE;

  /** Stands for a chunk whose blocks are all in the set. */
  private static final long[] ALL = {};

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final long blocks;
  private final AtomicReference<@Nullable AtomicReferenceArray<long[]>> chunks =
      new AtomicReference<>();

  BlockSet(long blocks) {
    this.blocks = blocks;
  }

  /** Whether nothing was added since the set was made or cleared. */
  boolean isUnused() {
    return chunks.getPlain() == null;
  }

  void clear() {
    chunks.set(null);
  }

  void add(long first, long count) {
    if (count == 0) {
      return;
    }
    AtomicReferenceArray<long[]> all = chunksForAdding();
    long end = first + count;
    long next;
    for (long at = first; at < end; at = next) {
      next = Math.min(end, (at | CHUNK_BLOCKS - 1) + 1);
      int index = (int) (at >>> CHUNK_SHIFT);
      if (next - at == CHUNK_BLOCKS) {
        all.set(index, ALL);
        continue;
      }
      long[] chunk = all.get(index);
      if (chunk == ALL) {
        continue;
      }
      change(chunk == null ? put(all, index, null, new long[CHUNK_WORDS]) : chunk, at, next, true);
    }
  }

  void remove(long first, long count) {
    AtomicReferenceArray<long[]> all = chunks.get();
    if (all == null) {
      return;
    }
    long end = first + count;
    long next;
    for (long at = first; at < end; at = next) {
      next = Math.min(end, (at | CHUNK_BLOCKS - 1) + 1);
      int index = (int) (at >>> CHUNK_SHIFT);
      long[] chunk = all.get(index);
      if (chunk == null) {
        continue;
      }
      if (next - at == CHUNK_BLOCKS) {
        all.set(index, null);
        continue;
      }
      change(chunk == ALL ? put(all, index, ALL, allOnes()) : chunk, at, next, false);
    }
  }

  boolean contains(long block) {
    return next(block, block + 1) == block;
  }

  /** The first block from {@code first} on and before {@code end} that is in the set, or −1. */
  long next(long first, long end) {
    AtomicReferenceArray<long[]> all = chunks.get();
    if (all == null) {
      return -1;
    }
    long next;
    for (long at = first; at < end; at = next) {
      next = Math.min(end, (at | CHUNK_BLOCKS - 1) + 1);
      long[] chunk = all.get((int) (at >>> CHUNK_SHIFT));
      if (chunk == null) {
        continue;
      }
      if (chunk == ALL) {
        return at;
      }
      long found = nextInChunk(chunk, at, next);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  private static long nextInChunk(long[] chunk, long first, long end) {
    long at = first;
    while (at < end) {
      int word = (int) (at & CHUNK_BLOCKS - 1) / Long.SIZE;
      long bits = (long) WORD.getOpaque(chunk, word) >>> at;
      if (bits != 0) {
        long found = at + Long.numberOfTrailingZeros(bits);
        return found < end ? found : -1;
      }
      at = (at | Long.SIZE - 1) + 1;
    }
    return -1;
  }

  private static void change(long @Nullable [] chunk, long first, long end, boolean add) {
    if (chunk == null || chunk == ALL) {
      return; // another thread changed the same blocks meanwhile: any outcome is right
    }
    long next;
    for (long at = first; at < end; at = next) {
      next = Math.min(end, (at | Long.SIZE - 1) + 1);
      long mask = -1L >>> Long.SIZE - (next - at) << at;
      int word = (int) (at & CHUNK_BLOCKS - 1) / Long.SIZE;
      if (add) {
        WORD.getAndBitwiseOr(chunk, word, mask);
      } else {
        WORD.getAndBitwiseAnd(chunk, word, ~mask);
      }
    }
  }

  private AtomicReferenceArray<long[]> chunksForAdding() {
    AtomicReferenceArray<long[]> there = chunks.get();
    if (there != null) {
      return there;
    }
    AtomicReferenceArray<long[]> made =
        new AtomicReferenceArray<>(Math.toIntExact((blocks >>> CHUNK_SHIFT) + 1));
    return chunks.compareAndSet(null, made) ? made : chunksForAdding();
  }

  /** Puts {@code chunk} in the place of {@code old} unless another thread was faster. */
  private static long[] put(
      AtomicReferenceArray<long[]> all, int index, long @Nullable [] old, long[] chunk) {
    return all.compareAndSet(index, old, chunk) ? chunk : all.get(index);
  }

  private static long[] allOnes() {
    long[] words = new long[CHUNK_WORDS];
    Arrays.fill(words, -1L);
    return words;
  }
}
