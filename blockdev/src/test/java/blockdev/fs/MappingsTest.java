package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MappingsTest {
  private static final long FIRST_DATA_BLOCK = 1000;
  private static final long END_BLOCK = 21_000;

  private final MetadataRegion region = new MetadataRegion(0, 512);
  private final VolatileDevice device = new VolatileDevice(512, 1);
  private final BlockAllocator allocator = new BlockAllocator(FIRST_DATA_BLOCK, END_BLOCK);
  private Mappings mappings;
  private long lastId;

  @BeforeEach
  void format() throws IOException {
    MetadataStore.format(device, region);
    mappings = new Mappings(MetadataStore.open(device, region), 0, allocator);
  }

  @Test
  void aHoleHasNoRun() {
    install(1, 10, 5);
    install(2, 0, 5);

    assertThat(mappings.find(1, 9)).isNull();
    assertThat(mappings.find(1, 15)).isNull();
    assertThat(mappings.nextMapped(1, 0, 100)).isEqualTo(10);
    assertThat(mappings.nextMapped(1, 12, 100)).isEqualTo(12);
    assertThat(mappings.nextMapped(1, 15, 100)).isEqualTo(100);
    assertThat(mappings.nextMapped(1, 0, 7)).isEqualTo(7);
  }

  @Test
  void overwritingTheMiddleLeavesBothEndsOfTheOldExtent() {
    long old = install(1, 100, 10);
    long young = install(1, 103, 4);

    assertThat(mappings.runs(1))
        .containsExactly(
            new FileExtent(100, old, 0, 3),
            new FileExtent(103, young, 0, 4),
            new FileExtent(107, old, 7, 3));
    assertThat(mappings.extent(old).references()).isEqualTo(2);
    assertThat(allocator.closeTransaction()).isEmpty();
  }

  @Test
  void anExtentIsFreedAsAWholeWithItsLastReference() {
    long id = install(1, 100, 10);
    long at = mappings.extent(id).deviceBlock();
    mappings.punch(1, 103, 106);
    mappings.punch(1, 0, 103);
    assertThat(allocator.closeTransaction()).isEmpty();
    mappings.punch(1, 106, Long.MAX_VALUE);

    assertThat(mappings.extentOrNull(id)).isNull();
    assertThat(allocator.closeTransaction()).containsExactly(new BlockAllocator.Run(at, 10));
  }

  @Test
  void sharingCountsEveryRun() {
    long id = install(1, 100, 10);
    mappings.punch(1, 103, 106);
    mappings.share(1, 2);

    assertThat(mappings.extent(id).references()).isEqualTo(4);
    assertThat(mappings.runs(2)).isEqualTo(mappings.runs(1));
    mappings.punch(1, 0, Long.MAX_VALUE);
    assertThat(mappings.extent(id).references()).isEqualTo(2);
    assertThat(allocator.closeTransaction()).isEmpty();
  }

  @Test
  void movingChangesTheAddressAndNothingElse() {
    long id = install(1, 100, 10);
    DiskExtent before = mappings.extent(id);
    BlockAllocator.Run to = allocator.allocate(10);
    mappings.move(id, before, to);

    assertThat(mappings.extent(id))
        .isEqualTo(new DiskExtent(to.firstBlock(), 10, 1, before.context()));
    assertThat(mappings.runs(1)).containsExactly(new FileExtent(100, id, 0, 10));
    assertThat(allocator.closeTransaction())
        .containsExactly(new BlockAllocator.Run(before.deviceBlock(), 10));
  }

  /** The model maps each block of each file to an extent and a position in it. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anyOperationListAgreesWithAMapOfBlocks(long seed) {
    Random random = new Random(seed);
    List<Map<Long, Place>> files = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      files.add(new TreeMap<>());
    }
    for (int step = 0; step < 600; step++) {
      int inode = random.nextInt(4);
      Map<Long, Place> file = files.get(inode);
      long from = random.nextInt(60);
      int blocks = 1 + random.nextInt(20);
      switch (random.nextInt(5)) {
        case 0, 1, 2 -> {
          long id = install(inode, from, blocks);
          for (int i = 0; i < blocks; i++) {
            file.put(from + i, new Place(id, i));
          }
        }
        case 3 -> {
          long to = random.nextInt(4) == 0 ? Long.MAX_VALUE : from + blocks;
          mappings.punch(inode, from, to);
          file.keySet().removeIf(block -> block >= from && block < to);
        }
        default -> {
          int target = random.nextInt(4);
          if (target != inode) {
            mappings.punch(target, 0, Long.MAX_VALUE);
            mappings.share(inode, target);
            files.get(target).clear();
            files.get(target).putAll(file);
          }
        }
      }
      allocator.release(allocator.closeTransaction());
      check("seed " + seed + ", step " + step, files);
    }
  }

  private record Place(long extent, long offset) {}

  private void check(String where, List<Map<Long, Place>> files) {
    Map<Long, Integer> references = new TreeMap<>();
    Set<Long> live = new HashSet<>();
    for (int inode = 0; inode < files.size(); inode++) {
      Map<Long, Place> found = new TreeMap<>();
      for (FileExtent run : mappings.runs(inode)) {
        references.merge(run.extentId(), 1, Integer::sum);
        for (int i = 0; i < run.blocks(); i++) {
          Place place = new Place(run.extentId(), run.offsetBlocks() + i);
          assertThat(found.put(run.fileBlock() + i, place)).as(where).isNull();
        }
      }
      assertThat(found).as(where).isEqualTo(files.get(inode));
      files.get(inode).values().forEach(place -> live.add(place.extent()));
    }
    Map<Long, Integer> stored = new TreeMap<>();
    int[] blocks = {0};
    mappings.forEachExtent((id, extent) -> {
      stored.put(id, extent.references());
      blocks[0] += extent.blocks();
    });
    assertThat(stored).as(where).isEqualTo(references);
    assertThat(stored.keySet()).as(where).isEqualTo(live);
    assertThat((long) allocator.freeBlocks())
        .as(where)
        .isEqualTo(END_BLOCK - FIRST_DATA_BLOCK - blocks[0]);
  }

  private long install(long inode, long fileBlock, int blocks) {
    BlockAllocator.Run run = allocator.allocate(blocks);
    assertThat(run.blocks()).isEqualTo(blocks);
    long id = ++lastId;
    mappings.install(
        inode,
        new FileExtent(fileBlock, id, 0, blocks),
        new DiskExtent(run.firstBlock(), blocks, 1, null));
    return id;
  }
}
