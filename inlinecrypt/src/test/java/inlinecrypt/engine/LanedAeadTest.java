package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.AeadMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class LanedAeadTest {
  private final MemorySegment nonce = MemorySegment.ofArray(new byte[AeadMode.NONCE_BYTES]);
  private final MemorySegment tag = MemorySegment.ofArray(new byte[AeadMode.TAG_BYTES]);

  @Test
  void aLaneIsGivenBackThoughTheTargetCannotBeWiped() {
    ArenaCloser cipher = new ArenaCloser();
    for (int time = 0; time < 2; time++) {
      cipher.arena = Arena.ofConfined();
      MemorySegment data = cipher.arena.allocate(16);
      assertThatIllegalStateException()
          .isThrownBy(() -> cipher.open(nonce, nonce, data, data, tag));
    }
    assertThat(cipher.lanesMade).isEqualTo(1);
    cipher.close();
  }

  /** Finds no tag to fit, and the arena of the target closed when it says so. */
  private static final class ArenaCloser extends LanedAead<Object> {
    private Arena arena = Arena.global();
    private int lanesMade;

    @Override
    Object openLane() {
      lanesMade++;
      return this;
    }

    @Override
    void closeLane(Object lane) {}

    @Override
    void closeKey() {}

    @Override
    void sealMessage(
        Object lane,
        MemorySegment nonce,
        MemorySegment associatedData,
        MemorySegment source,
        MemorySegment target,
        MemorySegment tag) {}

    @Override
    boolean openMessage(
        Object lane,
        MemorySegment nonce,
        MemorySegment associatedData,
        MemorySegment source,
        MemorySegment target,
        MemorySegment tag) {
      arena.close();
      return false;
    }
  }
}
