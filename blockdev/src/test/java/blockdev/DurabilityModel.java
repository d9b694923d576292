package blockdev;

import java.util.ArrayList;
import java.util.List;

/**
 * What each block may hold after a loss of power, by the rules of a volatile write cache. Writes to
 * one block follow one another: none is submitted while another is under way.
 */
final class DurabilityModel {
  /** Fills blocks with a value. */
  record Write(int block, int blocks, int value, boolean forceUnitAccess) {}

  private final List<List<Integer>> allowed = new ArrayList<>(); // by block, oldest first
  private final int[] completed; // the newest value that was, by block

  /** Of blocks that hold 0 durably. */
  DurabilityModel(int blocks) {
    completed = new int[blocks];
    for (int block = 0; block < blocks; block++) {
      allowed.add(new ArrayList<>(List.of(0)));
    }
  }

  /** From now on a loss may leave the value, or parts of the write in whole blocks. */
  void submitted(Write write) {
    for (int i = 0; i < write.blocks; i++) {
      allowed.get(write.block + i).add(write.value);
    }
  }

  void completed(Write write) {
    for (int i = 0; i < write.blocks; i++) {
      completed[write.block + i] = write.value;
      if (write.forceUnitAccess) {
        forgetOlder(write.block + i, write.value);
      }
    }
  }

  /** What a flush that is submitted now has to make durable. */
  int[] flushSubmitted() {
    return completed.clone();
  }

  void flushCompleted(int[] covered) {
    for (int block = 0; block < covered.length; block++) {
      forgetOlder(block, covered[block]);
    }
  }

  private void forgetOlder(int block, int value) {
    List<Integer> values = allowed.get(block);
    int index = values.indexOf(value);
    if (index > 0) { // else something newer is durable already
      values.subList(0, index).clear();
    }
  }

  List<Integer> allowed(int block) {
    return allowed.get(block);
  }
}
