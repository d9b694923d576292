package blockdev.fs;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which data blocks of the device are free. Kept in memory only and rebuilt at mount from the
 * extents that there are.
 *
 * <p>A freed run is not used again before the transaction that freed it is durable: until then a
 * power cut would bring back the extent that owned it. {@link #closeTransaction} takes what was
 * freed so far, and {@link #release} gives it back when the commit has come through. Nor is a run
 * used again while somebody still reads it: those are {@link #pin}ned.
 */
final class BlockAllocator {
  private final BitSet used;
  private final long firstBlock;
  private final int blocks;
  private int freeBlocks;
  private int cursor; // next fit: where the last search ended
  private List<Run> freed = new ArrayList<>();
  private final Map<Long, Integer> pins = new HashMap<>(); // by first block of an extent

  record Run(long firstBlock, int blocks) {}

  BlockAllocator(long firstBlock, long endBlock) {
    this.firstBlock = firstBlock;
    blocks = Math.toIntExact(endBlock - firstBlock);
    used = new BitSet(blocks);
    freeBlocks = blocks;
  }

  /**
   * Notes at mount that an extent owns these blocks.
   *
   * @return false if they are no data blocks, or another extent owns some of them
   */
  boolean claim(long deviceBlock, int count) {
    long from = deviceBlock - firstBlock;
    if (from < 0 || count < 1 || from > blocks - count) {
      return false;
    }
    int next = used.nextSetBit((int) from);
    if (next >= 0 && next < from + count) {
      return false;
    }
    used.set((int) from, (int) from + count);
    freeBlocks -= count;
    return true;
  }

  int freeBlocks() {
    return freeBlocks;
  }

  /**
   * Takes up to {@code wanted} contiguous blocks: the first run from the cursor on that is long
   * enough, or else the longest there is.
   *
   * @return the run, or null if no block is free
   */
  @Nullable Run allocate(int wanted) {
    int best = -1;
    int bestLength = 0;
    int from = cursor;
    boolean wrapped = false;
    while (bestLength < wanted) {
      int start = used.nextClearBit(from);
      if (start >= blocks || (wrapped && start >= cursor)) {
        if (wrapped || cursor == 0) {
          break;
        }
        wrapped = true;
        from = 0;
        continue;
      }
      int end = used.nextSetBit(start);
      int length = Math.min((end < 0 ? blocks : end) - start, wanted);
      if (length > bestLength) {
        best = start;
        bestLength = length;
      }
      from = start + length;
    }
    if (best < 0) {
      return null;
    }
    used.set(best, best + bestLength);
    freeBlocks -= bestLength;
    cursor = best + bestLength;
    return new Run(firstBlock + best, bestLength);
  }

  /** Gives blocks back that no durable metadata ever named. */
  void cancel(Run run) {
    int from = (int) (run.firstBlock() - firstBlock);
    used.clear(from, from + run.blocks());
    freeBlocks += run.blocks();
  }

  /** Frees blocks with the transaction that is being gathered. */
  void free(Run run) {
    freed.add(run);
  }

  /** What was freed since the last call, for the commit that begins now. */
  List<Run> closeTransaction() {
    List<Run> closed = freed;
    freed = new ArrayList<>();
    return closed;
  }

  /** The commit is durable: the blocks can be used again, or with a later one if still pinned. */
  void release(List<Run> committed) {
    for (Run run : committed) {
      if (pins.containsKey(run.firstBlock())) {
        freed.add(run);
      } else {
        cancel(run);
      }
    }
  }

  /** Keeps the extent that starts at {@code deviceBlock} from being used again. Pins nest. */
  void pin(long deviceBlock) {
    pins.merge(deviceBlock, 1, Integer::sum);
  }

  void unpin(long deviceBlock) {
    pins.computeIfPresent(deviceBlock, (block, count) -> count == 1 ? null : count - 1);
  }

  /** The commit failed: its blocks wait for the next one. */
  void reopen(List<Run> failed) {
    freed.addAll(0, failed);
  }
}
