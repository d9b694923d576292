package blockdev.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostMemoryTest {
  private static final int CAPACITY_BYTES = 1 << 20;

  private final HostMemory memory = new HostMemory(CAPACITY_BYTES);

  @AfterEach
  void close() {
    memory.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -65536, 4096, 65537, Long.MAX_VALUE})
  void aCapacityThatIsNoMultipleOf64KiBIsRefused(long capacityBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HostMemory(capacityBytes))
        .withMessageContaining("is " + capacityBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65537})
  void aRunThatThePoolCannotHaveIsRefused(int bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> memory.allocate(bytes))
        .withMessageContaining("not " + bytes);
  }

  @Test
  void aRunIsRoundedUpToAPowerOfTwoPagesAndAlignedToItsSize() {
    memory.allocate(1);
    long run = memory.allocate(3 * 4096);
    assertThat(run % (4 * 4096)).isZero();
    assertThat(memory.freeBytes()).isEqualTo(CAPACITY_BYTES - 4096 - 4 * 4096);
  }

  @Test
  void anExhaustedPoolHasNone() {
    for (int i = 0; i < CAPACITY_BYTES / 65536; i++) {
      assertThat(memory.allocate(65536)).isNotEqualTo(HostMemory.NONE);
    }
    assertThat(memory.allocate(1)).isEqualTo(HostMemory.NONE);
    assertThat(memory.freeBytes()).isZero();
  }

  @Test
  void neighboursJoinAgainWhenBothAreFree() {
    List<Long> pages = new ArrayList<>();
    for (int i = 0; i < CAPACITY_BYTES / 4096; i++) {
      pages.add(memory.allocate(4096));
    }
    for (int i = 0; i < pages.size(); i += 2) {
      memory.free(pages.get(i), 4096);
    }
    assertThat(memory.allocate(8192)).as("every other page is free").isEqualTo(HostMemory.NONE);
    for (int i = 1; i < pages.size(); i += 2) {
      memory.free(pages.get(i), 4096);
    }
    anExhaustedPoolHasNone();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void runsNeverOverlapAndNothingIsLost(long seed) {
    record Run(long offset, int bytes) {}
    Random random = new Random(seed);
    BitSet used = new BitSet(); // by page
    List<Run> runs = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(100) < 55) {
        int bytes = 1 + random.nextInt(65536 >> random.nextInt(5));
        int pages = Integer.highestOneBit((bytes - 1) / 4096 * 2 + 1); // a power of two
        long offset = memory.allocate(bytes);
        if (offset != HostMemory.NONE) {
          int page = (int) (offset / 4096);
          assertThat(offset % (pages * 4096L)).as("seed %d step %d", seed, step).isZero();
          assertThat(used.get(page, page + pages).isEmpty()).isTrue();
          used.set(page, page + pages);
          runs.add(new Run(offset, bytes));
        } else {
          assertThat(hasFreeRun(used, pages)).as("seed %d step %d", seed, step).isFalse();
        }
      } else if (!runs.isEmpty()) {
        Run run = runs.remove(random.nextInt(runs.size()));
        memory.free(run.offset, run.bytes);
        int pages = Integer.highestOneBit((run.bytes - 1) / 4096 * 2 + 1);
        used.clear((int) (run.offset / 4096), (int) (run.offset / 4096) + pages);
      }
      assertThat(memory.freeBytes()).isEqualTo(CAPACITY_BYTES - 4096L * used.cardinality());
    }
    runs.forEach(run -> memory.free(run.offset, run.bytes));
    anExhaustedPoolHasNone();
  }

  private static boolean hasFreeRun(BitSet used, int pages) {
    for (int page = 0; page < CAPACITY_BYTES / 4096; page += pages) {
      if (used.get(page, page + pages).isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
