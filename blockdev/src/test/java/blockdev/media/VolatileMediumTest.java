package blockdev.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolatileMediumTest {
  private static final int BLOCK = 512;
  private static final int BLOCKS = 64;

  private final MemoryMedium bare = new MemoryMedium(BLOCKS * BLOCK);
  private final VolatileMedium medium = new VolatileMedium(bare);

  @BeforeEach
  void arrange() {
    medium.arrange(0, BLOCKS, BLOCK, 0);
  }

  @AfterEach
  void close() {
    medium.close();
  }

  @Test
  void whatIsWrittenIsReadAtOnce() {
    write(3, 1, 7);
    assertThat(content(3)).isEqualTo(7);
    assertThat(medium.unflushedBlocks()).isEqualTo(1);
  }

  @Test
  void aBlockThatWasNotFlushedFallsBackToAnyOfItsContents() {
    assertThat(
            afterLosses(() -> {
              write(0, 1, 1);
              medium.flush();
              write(0, 1, 2);
              write(0, 1, 3);
              write(0, 1, 4);
            }))
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void whatWasFlushedOrPersistedStays() {
    assertThat(
            afterLosses(() -> {
              write(0, 1, 1);
              write(0, 1, 2);
              medium.flush();
            }))
        .containsExactly(2);
    assertThat(
            afterLosses(() -> {
              write(0, 2, 1);
              write(0, 1, 2);
              medium.persist(0, BLOCK);
            }))
        .containsExactly(2);
  }

  @Test
  void persistingABlockSaysNothingAboutItsNeighbour() {
    assertThat(
            afterLosses(() -> {
              write(0, 2, 1);
              medium.persist(BLOCK, BLOCK);
            }))
        .containsExactly(0, 1);
  }

  @Test
  void aFlushCoversWhatWasWrittenBeforeItsPoint() {
    assertThat(
            afterLosses(() -> {
              write(0, 1, 1);
              write(0, 1, 2);
              long point = medium.flushPoint();
              write(0, 1, 3);
              write(0, 1, 4);
              medium.flush(point);
            }))
        .containsExactly(2, 3, 4);
  }

  @Test
  void blocksOfOneWriteAreLostIndependently() {
    Set<List<Integer>> seen = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      clear();
      write(0, 3, 1);
      medium.losePower(seed);
      seen.add(List.of(content(0), content(1), content(2)));
    }
    assertThat(seen).hasSize(8);
  }

  @Test
  void aFullCacheWritesBackWhatHasBeenInItLongest() {
    VolatileMedium small = new VolatileMedium(bare, 2 * BLOCK);
    small.arrange(0, BLOCKS, BLOCK, 0);
    for (int block = 0; block < 3; block++) {
      small.beforeWrite((long) block * BLOCK, BLOCK);
      fill(block, 1);
    }
    assertThat(small.unflushedBlocks()).isEqualTo(2);
    for (int seed = 0; seed < 20; seed++) {
      small.losePower(seed);
      assertThat(content(0)).isEqualTo(1);
    }
  }

  /** Ten blocks of 512 bytes and, behind them, 8 bytes for each. */
  @Test
  void dataAndMetadataOfABlockAreLostTogether() {
    medium.arrange(0, 10, BLOCK, 8);
    Set<String> seen = new TreeSet<>();
    for (int seed = 0; seed < 100; seed++) {
      clear();
      for (int value = 1; value <= 2; value++) {
        medium.beforeWrite(2 * BLOCK, 2 * BLOCK);
        medium.beforeWrite(10 * BLOCK + 2 * 8, 2 * 8); // says nothing new
        fill(2, value);
        fill(3, value);
        bare.segment().asSlice(10 * BLOCK + 2 * 8, 2 * 8).fill((byte) value);
      }
      medium.losePower(seed);
      for (int block = 2; block < 4; block++) {
        byte metadata = bare.segment().get(ValueLayout.JAVA_BYTE, 10 * BLOCK + block * 8L + 7);
        assertThat(metadata).as("seed %d, block %d", seed, block).isEqualTo((byte) content(block));
      }
      seen.add(content(2) + " " + content(3));
    }
    assertThat(seen).as("blocks are still independent").hasSize(9);
  }

  @Test
  void arrangingAnewMakesWhatWasThereDurable() {
    assertThat(
            afterLosses(() -> {
              write(0, 1, 1);
              medium.arrange(0, BLOCKS / 8, 8 * BLOCK, 0);
            }))
        .containsExactly(1);
    assertThat(medium.unflushedBlocks()).isZero();
  }

  @Test
  void aWriteWhereNoBlocksAreIsTheCallersMistake() {
    medium.arrange(0, 10, BLOCK, 8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> medium.beforeWrite(10 * BLOCK + 80, 1))
        .withMessage("no blocks are arranged at byte 5200");
  }

  @Test
  void theSameSeedLosesTheSame() {
    assertThat(lossOf(5)).isEqualTo(lossOf(5)).isNotEqualTo(lossOf(6));
  }

  private byte[] lossOf(long seed) {
    clear();
    write(0, BLOCKS, 1);
    write(0, BLOCKS, 2);
    medium.losePower(seed);
    return bare.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatALossLeavesIsAlwaysAllowed(long seed) {
    Random chance = new Random(seed);
    List<List<Integer>> allowed = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      allowed.add(new ArrayList<>(List.of(0)));
    }
    List<String> history = new ArrayList<>();
    for (int value = 1; value <= 120; value++) {
      int block = chance.nextInt(BLOCKS - 4);
      int blocks = 1 + chance.nextInt(4);
      boolean flush = chance.nextInt(30) == 0;
      boolean persist = chance.nextInt(6) == 0;
      history.add(flush ? "flush" : "write " + block + "+" + blocks + (persist ? " fua" : ""));
      if (flush) {
        medium.flush();
        allowed.forEach(VolatileMediumTest::keepLast);
        continue;
      }
      write(block, blocks, value);
      for (int i = block; i < block + blocks; i++) {
        allowed.get(i).add(value);
      }
      if (persist) {
        medium.persist((long) block * BLOCK, (long) blocks * BLOCK);
        allowed.subList(block, block + blocks).forEach(VolatileMediumTest::keepLast);
      }
    }
    medium.losePower(seed);
    for (int block = 0; block < BLOCKS; block++) {
      assertThat(content(block))
          .as("block %d, seed %d, %s", block, seed, history)
          .isIn(allowed.get(block));
    }
  }

  private static void keepLast(List<Integer> values) {
    values.subList(0, values.size() - 1).clear();
  }

  /** All contents that block 0 has after {@code history} and a loss of power. */
  private Set<Integer> afterLosses(Runnable history) {
    Set<Integer> seen = new TreeSet<>();
    for (int seed = 0; seed < 100; seed++) {
      clear();
      history.run();
      medium.losePower(seed);
      seen.add(content(0));
    }
    return Collections.unmodifiableSet(seen);
  }

  private void clear() {
    bare.segment().fill((byte) 0);
  }

  private void write(int block, int blocks, int value) {
    medium.beforeWrite((long) block * BLOCK, (long) blocks * BLOCK);
    for (int i = block; i < block + blocks; i++) {
      fill(i, value);
    }
  }

  private void fill(int block, int value) {
    bare.segment().asSlice((long) block * BLOCK, BLOCK).fill((byte) value);
  }

  /** The value that the whole of a block holds. */
  private int content(int block) {
    byte[] bytes =
        bare.segment().asSlice((long) block * BLOCK, BLOCK).toArray(ValueLayout.JAVA_BYTE);
    byte[] whole = new byte[BLOCK];
    Arrays.fill(whole, bytes[0]);
    assertThat(bytes).as("block %d is not torn", block).isEqualTo(whole);
    return bytes[0];
  }

  @Test
  void closingClosesTheMediumBeneath() {
    MemoryMedium beneath = new MemoryMedium(BLOCK);
    MemorySegment bytes = beneath.segment();
    new VolatileMedium(beneath).close();
    assertThat(bytes.scope().isAlive()).isFalse();
  }
}
