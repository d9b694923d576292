package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.AeadMode;
import inlinecrypt.mode.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GcmSivCipherTest {
  private final MemorySegment nonce = MemorySegment.ofArray(new byte[AeadMode.NONCE_BYTES]);
  private final MemorySegment data = MemorySegment.ofArray(new byte[100]);
  private final MemorySegment tag = MemorySegment.ofArray(new byte[AeadMode.TAG_BYTES]);
  private final byte[] key = new byte[AeadMode.KEY_BYTES];

  @Test
  void theKeysOfAMessageAreWipedOnceSetUp() {
    try (GcmSivCipher cipher = new GcmSivCipher(() -> new JceBlocks(key), () -> {})) {
      cipher.seal(nonce, nonce, data, data, tag);
      assertWiped(cipher.lane(0).keys);
    }
  }

  @Test
  void aMessageThatIsNotAuthenticLeavesNoPlaintextInTheLane() {
    try (GcmSivCipher cipher = new GcmSivCipher(() -> new JceBlocks(key), () -> {})) {
      assertThat(cipher.open(nonce, nonce, data, data, tag)).isFalse();
      GcmSivCipher.Lane lane = cipher.lane(0);
      for (Scratch scratch : List.of(lane.keys, lane.data, lane.stream, lane.tag)) {
        assertWiped(scratch);
      }
    }
  }

  private static void assertWiped(Scratch scratch) {
    assertThat(Arrays.equals(scratch.bytes(), new byte[scratch.bytes().length])).isTrue();
  }
}
