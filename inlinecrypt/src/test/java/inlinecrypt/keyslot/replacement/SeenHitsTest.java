package inlinecrypt.keyslot.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.SlotView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeenHitsTest {
  private long count;
  private final SeenHits seen = new SeenHits(1);
  private final SlotView slots =
      new SlotView() {
        @Override
        public int slotCount() {
          return 1;
        }

        @Override
        public boolean isIdle(int slot) {
          return true;
        }

        @Override
        public @Nullable CryptoKey key(int slot) {
          return null;
        }

        @Override
        public long idleSinceTick(int slot) {
          return 0;
        }

        @Override
        public long hits(int slot) {
          return count;
        }
      };

  @Test
  void eachHitIsSeenOnce() {
    count = 3;
    assertThat(seen.newHits(slots, 0)).isEqualTo(3);
    assertThat(seen.newHits(slots, 0)).isZero();
    count = 4;
    assertThat(seen.newHits(slots, 0)).isEqualTo(1);
  }

  @Test
  void whatIsSkippedIsNotSeen() {
    count = 3;
    seen.skip(slots, 0);
    assertThat(seen.newHits(slots, 0)).isZero();
  }
}
