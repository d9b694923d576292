package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.fs.BlockAllocator.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockAllocatorTest {
  private static final long FIRST = 1000;

  @Test
  void runsAreTakenOneAfterTheOther() {
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + 100);

    assertThat(allocator.allocate(10)).isEqualTo(new Run(FIRST, 10));
    assertThat(allocator.allocate(20)).isEqualTo(new Run(FIRST + 10, 20));
    assertThat(allocator.freeBlocks()).isEqualTo(70);
  }

  @Test
  void whereNoRunIsLongEnoughTheLongestIsTaken() {
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + 100);
    assertThat(allocator.claim(FIRST + 20, 10)).isTrue();
    assertThat(allocator.claim(FIRST + 90, 10)).isTrue();

    assertThat(allocator.allocate(100)).isEqualTo(new Run(FIRST + 30, 60));
    assertThat(allocator.allocate(100)).isEqualTo(new Run(FIRST, 20));
    assertThat(allocator.allocate(1)).isNull();
  }

  @Test
  void onlyDataBlocksThatNobodyOwnsAreClaimed() {
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + 100);
    assertThat(allocator.claim(FIRST + 20, 10)).isTrue();

    assertThat(allocator.claim(FIRST + 29, 1)).isFalse();
    assertThat(allocator.claim(FIRST + 11, 10)).isFalse();
    assertThat(allocator.claim(FIRST - 1, 2)).isFalse();
    assertThat(allocator.claim(FIRST + 99, 2)).isFalse();
    assertThat(allocator.claim(FIRST, Integer.MAX_VALUE)).isFalse();
    assertThat(allocator.claim(Long.MAX_VALUE, 1)).isFalse();
    assertThat(allocator.claim(FIRST + 50, 0)).isFalse();
    assertThat(allocator.freeBlocks()).isEqualTo(90);
  }

  @Test
  void freedBlocksAreNotUsedBeforeTheCommitThatFreedThem() {
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + 10);
    Run all = taken(allocator, 10);
    allocator.free(all);
    assertThat(allocator.allocate(1)).isNull();
    List<Run> transaction = allocator.closeTransaction();
    assertThat(allocator.allocate(1)).isNull();
    allocator.release(transaction);
    assertThat(allocator.allocate(10)).isEqualTo(all);
  }

  @Test
  void whatIsFreedDuringACommitWaitsForTheNext() {
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + 10);
    Run first = taken(allocator, 5);
    Run second = taken(allocator, 5);
    allocator.free(first);
    List<Run> transaction = allocator.closeTransaction();
    allocator.free(second);
    allocator.release(transaction);
    assertThat(allocator.allocate(10)).isEqualTo(first);
    assertThat(allocator.allocate(10)).isNull();
    allocator.release(allocator.closeTransaction());
    assertThat(allocator.allocate(10)).isEqualTo(second);
  }

  @Test
  void aFailedCommitsBlocksComeWithTheNext() {
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + 10);
    Run all = taken(allocator, 10);
    allocator.free(all);
    allocator.reopen(allocator.closeTransaction());
    assertThat(allocator.allocate(1)).isNull();
    allocator.release(allocator.closeTransaction());
    assertThat(allocator.allocate(10)).isEqualTo(all);
  }

  @Test
  void aPinnedExtentOutlivesItsCommitUntilItsLastReader() {
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + 10);
    Run all = taken(allocator, 10);
    allocator.pin(FIRST);
    allocator.pin(FIRST);
    allocator.free(all);
    allocator.release(allocator.closeTransaction());
    allocator.unpin(FIRST);
    allocator.release(allocator.closeTransaction());
    assertThat(allocator.allocate(1)).isNull();
    allocator.unpin(FIRST);
    assertThat(allocator.allocate(1)).isNull();
    allocator.release(allocator.closeTransaction());
    assertThat(allocator.allocate(10)).isEqualTo(all);
  }

  /** The model knows of each block whether it is free, owned, or freed and when it returns. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyOperationListAgreesWithTheModel(long seed) {
    Random random = new Random(seed);
    int blocks = 200;
    BlockAllocator allocator = new BlockAllocator(FIRST, FIRST + blocks);
    Set<Long> free = new HashSet<>();
    for (long block = FIRST; block < FIRST + blocks; block++) {
      free.add(block);
    }
    List<Run> owned = new ArrayList<>();
    List<Run> freed = new ArrayList<>();
    List<Run> pinned = new ArrayList<>();
    Map<Run, Integer> pins = new HashMap<>();
    for (int step = 0; step < 3000; step++) {
      String where = "seed " + seed + ", step " + step;
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          int wanted = 1 + random.nextInt(40);
          Run run = allocator.allocate(wanted);
          assertThat(run == null ? 0 : run.blocks())
              .as(where)
              .isEqualTo(Math.min(wanted, longestRun(free, blocks)));
          if (run != null) {
            assertThat(free.containsAll(blocksOf(run))).as(where).isTrue();
            free.removeAll(blocksOf(run));
            owned.add(run);
          }
        }
        case 3, 4 -> {
          if (!owned.isEmpty()) {
            Run run = owned.remove(random.nextInt(owned.size()));
            allocator.free(run);
            freed.add(run);
          }
        }
        case 5 -> {
          if (!owned.isEmpty()) {
            Run run = owned.get(random.nextInt(owned.size()));
            allocator.pin(run.firstBlock());
            pinned.add(run);
            pins.merge(run, 1, Integer::sum);
          }
        }
        case 6 -> {
          if (!pinned.isEmpty()) {
            Run run = pinned.remove(random.nextInt(pinned.size()));
            allocator.unpin(run.firstBlock());
            pins.merge(run, -1, Integer::sum);
          }
        }
        default -> {
          allocator.release(allocator.closeTransaction());
          for (Run run : List.copyOf(freed)) {
            if (pins.getOrDefault(run, 0) == 0) {
              freed.remove(run);
              free.addAll(blocksOf(run));
            }
          }
        }
      }
      assertThat(allocator.freeBlocks()).as(where).isEqualTo(free.size());
    }
  }

  private static Run taken(BlockAllocator allocator, int blocks) {
    Run run = allocator.allocate(blocks);
    assertThat(run).isNotNull().returns(blocks, Run::blocks);
    return run;
  }

  private static List<Long> blocksOf(Run run) {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < run.blocks(); i++) {
      blocks.add(run.firstBlock() + i);
    }
    return blocks;
  }

  private static int longestRun(Set<Long> free, int blocks) {
    int longest = 0;
    int length = 0;
    for (long block = FIRST; block < FIRST + blocks; block++) {
      length = free.contains(block) ? length + 1 : 0;
      longest = Math.max(longest, length);
    }
    return longest;
  }
}
