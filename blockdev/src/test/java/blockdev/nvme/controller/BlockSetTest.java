package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSetTest {
  private static final int CHUNK = 1 << 18;

  @Test
  void oneOfATebibyteThatNothingWasAddedToIsUnusedAndEmpty() {
    BlockSet set = new BlockSet(1L << 31);
    set.remove(0, 1L << 31);
    assertThat(set.isUnused()).isTrue();
    assertThat(set.next(0, 1L << 31)).isEqualTo(-1);
  }

  @Test
  void aTebibyteOfBlocksIsAddedAtOnceAndTheFirstAndLastTakenOut() {
    long blocks = 1L << 31;
    BlockSet set = new BlockSet(blocks);
    set.add(0, blocks);
    assertThat(set.isUnused()).isFalse();
    set.remove(0, 1);
    set.remove(blocks - 1, 1);
    assertThat(set.contains(0)).isFalse();
    assertThat(set.contains(blocks - 1)).isFalse();
    assertThat(set.next(0, blocks)).isEqualTo(1);
    assertThat(set.contains(blocks - 2)).isTrue();
    assertThat(set.next(blocks - 1, blocks)).isEqualTo(-1);
    set.clear();
    assertThat(set.isUnused()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, CHUNK, 3 * CHUNK + 77})
  void itHoldsWhatABitSetHolds(int blocks) {
    Random random = new Random(blocks);
    BlockSet set = new BlockSet(blocks);
    BitSet model = new BitSet(blocks);
    for (int step = 0; step < 400; step++) {
      int first = place(random, blocks);
      int end = random.nextBoolean() ? place(random, blocks) : first + random.nextInt(130);
      end = Math.min(blocks, end);
      if (first > end) {
        int swap = first;
        first = end;
        end = swap;
      }
      boolean add = random.nextBoolean();
      if (add) {
        set.add(first, end - first);
      } else {
        set.remove(first, end - first);
      }
      model.set(first, end, add);
      String what = "seed " + blocks + " step " + step + ": " + add + " " + first + " to " + end;
      int from = place(random, blocks);
      int to = Math.min(blocks, from + random.nextInt(blocks));
      int next = model.nextSetBit(from);
      assertThat(set.next(from, to)).as(what).isEqualTo(next < 0 || next >= to ? -1 : next);
      assertThat(set.contains(from)).as(what).isEqualTo(model.get(from));
      int near = Math.max(0, first - 1);
      assertThat(set.contains(near)).as(what).isEqualTo(model.get(near));
    }
  }

  /** Often on or beside a border of chunks or words. */
  private static int place(Random random, int blocks) {
    int place =
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(blocks);
          case 1 -> random.nextInt(blocks / 64 + 1) * 64 + random.nextInt(3) - 1;
          default -> random.nextInt(blocks / CHUNK + 1) * CHUNK + random.nextInt(3) - 1;
        };
    return Math.clamp(place, 0, blocks - 1);
  }
}
