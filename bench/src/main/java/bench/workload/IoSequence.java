package bench.workload;

import java.util.BitSet;

/** I/Os of one block each, in the order in which they are submitted. */
public final class IoSequence {
  private final int[] blocks;
  private final BitSet writes;

  IoSequence(int count) {
    blocks = new int[count];
    writes = new BitSet(count);
  }

  void set(int index, int block, boolean write) {
    blocks[index] = block;
    writes.set(index, write);
  }

  public int count() {
    return blocks.length;
  }

  /** The block on the device, of {@link ExtentWorkload#IO_BYTES}. */
  public int block(int index) {
    return blocks[index];
  }

  public boolean isWrite(int index) {
    return writes.get(index);
  }
}
