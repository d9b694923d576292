package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import inlinecrypt.AeadMode;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JceAeadTest extends EngineAeadContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("jce");
  }

  /** Not GCM-SIV: it needs a new AES key schedule for each message. */
  @Override
  @ParameterizedTest
  @MethodSource("modes")
  void inSteadyStateNothingIsAllocated(AeadMode mode) {
    if (mode != AeadMode.AES_256_GCM_SIV) {
      super.inSteadyStateNothingIsAllocated(mode);
    }
  }

  @Test
  void gcmSivAllocatesTheSameForAMessageOfAnyLength() {
    assertThat(gcmSivBytesPerMessage(64)).isLessThan(2000);
    assertThat(gcmSivBytesPerMessage(16384)).isLessThan(2000);
  }

  private long gcmSivBytesPerMessage(int lengthBytes) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    MemorySegment nonce = MemorySegment.ofArray(new byte[AeadMode.NONCE_BYTES]);
    MemorySegment tag = MemorySegment.ofArray(new byte[AeadMode.TAG_BYTES]);
    MemorySegment message = MemorySegment.ofArray(new byte[lengthBytes]);
    MemorySegment key = MemorySegment.ofArray(new byte[AeadMode.KEY_BYTES]);
    int messages = 200;
    try (AeadCipher cipher = engine().prepareAead(AeadMode.AES_256_GCM_SIV, key)) {
      cipher.seal(nonce, nonce, message, message, tag); // makes the lane
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < messages; i++) {
        cipher.seal(nonce, nonce, message, message, tag);
      }
      return (threads.getCurrentThreadAllocatedBytes() - before) / messages;
    }
  }
}
