package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.memory.HostMemory;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DirtyPagesTest {
  private static final int MEMORY_BYTES = 4 << 20;

  private final HostMemory memory = new HostMemory(MEMORY_BYTES);
  private final DirtyPages pages = new DirtyPages(memory);

  @AfterEach
  void allMemoryComesBack() {
    pages.dropFrom(0);
    assertThat(memory.freeBytes()).isEqualTo(MEMORY_BYTES);
    memory.close();
  }

  @Test
  void nothingIsDirtyAtFirst() {
    assertThat(pages.isEmpty()).isTrue();
    assertThat(pages.nextDirty(0)).isEqualTo(-1);
    assertThat(pages.nextClean(5)).isEqualTo(5);
    assertThat(pages.addressOf(5)).isEqualTo(HostMemory.NONE);
  }

  @Test
  void blocksOfOneClusterAreNeighboursInMemory() {
    long first = pages.makeDirty(32);

    assertThat(pages.makeDirty(47)).isEqualTo(first + 15 * 4096);
    assertThat(pages.makeDirty(32)).isEqualTo(first);
    assertThat(pages.takenBytes()).isEqualTo(DirtyPages.CLUSTER_BYTES);
  }

  @Test
  void aBlockThatFindsNoMemoryIsNotDirty() {
    for (int cluster = 0; cluster < MEMORY_BYTES / DirtyPages.CLUSTER_BYTES; cluster++) {
      assertThat(pages.makeDirty(16L * cluster)).isNotEqualTo(HostMemory.NONE);
    }
    assertThat(pages.makeDirty(1 << 20)).isEqualTo(HostMemory.NONE);
    assertThat(pages.nextDirty(1 << 19)).isEqualTo(-1);
    assertThat(pages.makeDirty(1)).isNotEqualTo(HostMemory.NONE);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void anyOperationListAgreesWithASetOfBlocks(long seed) {
    Random random = new Random(seed);
    TreeSet<Long> dirty = new TreeSet<>();
    for (int step = 0; step < 2000; step++) {
      long block = random.nextInt(400);
      if (random.nextInt(20) == 0) {
        pages.dropFrom(block);
        dirty.tailSet(block).clear();
      } else {
        pages.makeDirty(block);
        dirty.add(block);
      }
      String where = "seed " + seed + ", step " + step;
      long asked = random.nextInt(420);
      Long next = dirty.ceiling(asked);
      assertThat(pages.nextDirty(asked)).as(where).isEqualTo(next == null ? -1 : next);
      long clean = asked;
      while (dirty.contains(clean)) {
        clean++;
      }
      assertThat(pages.nextClean(asked)).as(where).isEqualTo(clean);
      assertThat(pages.addressOf(asked) != HostMemory.NONE)
          .as(where)
          .isEqualTo(dirty.contains(asked));
      assertThat(pages.isEmpty()).as(where).isEqualTo(dirty.isEmpty());
      assertThat(pages.takenBytes())
          .as(where)
          .isEqualTo(
              dirty.stream().map(at -> at / DirtyPages.CLUSTER_BLOCKS).distinct().count()
                  * DirtyPages.CLUSTER_BYTES);
    }
  }
}
