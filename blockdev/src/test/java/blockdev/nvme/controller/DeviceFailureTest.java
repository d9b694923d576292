package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.BioStatus;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.engine.DataUnitCipher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fails inside the device while it executes a command gets a status, and a completion. */
@Timeout(20)
class DeviceFailureTest {
  @Test
  void aMediumThatCannotFlushIsAWriteFaultAndTheQueueGoesOn() {
    try (HandHost host = HandHost.ready(512, 8, new MediumOnAFullDisk())) {
      assertThat(host.io(Command.of(0, 1))).isEqualTo(NvmeStatus.WRITE_FAULT);
      assertThat(host.io(Command.write(0, 1, 0, 0).forceUnitAccess()))
          .isEqualTo(NvmeStatus.WRITE_FAULT);
      assertThat(host.io(Command.write(0, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    }
  }

  @Test
  void aCipherThatFailsIsAnInternalErrorAndTheQueueGoesOn() {
    try (HandHost host = HandHost.ready(512, 8);
        CryptoKey key = HandHost.key(512)) {
      host.controller.crypto.program(0, key);
      DataUnitCipher cipher = Objects.requireNonNull(host.controller.crypto.cipher(0));
      cipher.close();
      Command write = Command.write(0, 1, 0, 0).crypto(15, 0, 0, 0);
      assertThat(host.io(write)).isEqualTo(NvmeStatus.INTERNAL_ERROR);
      assertThat(host.io(Command.read(0, 1, 0, 0).crypto(15, 0, 0, 0)))
          .isEqualTo(NvmeStatus.INTERNAL_ERROR);
      assertThat(host.mediumAt(0, 512)).containsOnly(0);
      assertThat(host.io(Command.write(0, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "000, OK",
    "001, NOTSUPP",
    "002, NOTSUPP",
    "00B, NOTSUPP",
    "080, TARGET",
    "280, MEDIUM",
    "281, MEDIUM",
    "285, MEDIUM",
    "286, MEDIUM",
    "287, MEDIUM",
    "181, PROTECTION",
    "282, PROTECTION",
    "283, PROTECTION",
    "284, PROTECTION",
    "006, IOERR",
    "009, IOERR",
    "025, IOERR",
    "183, IOERR",
  })
  void biosEndAsLinuxEndsThem(String status, BioStatus expected) {
    assertThat(NvmeStatus.toBioStatus(Integer.parseInt(status, 16))).isEqualTo(expected);
  }

  private static final class MediumOnAFullDisk implements Medium {
    private final MemoryMedium bytes = new MemoryMedium(HandHost.MEDIUM_BYTES);

    @Override
    public MemorySegment segment() {
      return bytes.segment();
    }

    @Override
    public void persist(long offsetBytes, long lengthBytes) {
      flush();
    }

    @Override
    public void flush() {
      throw new UncheckedIOException(new IOException("No space left on device"));
    }

    @Override
    public void close() {
      bytes.close();
    }
  }
}
