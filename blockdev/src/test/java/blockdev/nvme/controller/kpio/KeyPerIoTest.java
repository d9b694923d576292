package blockdev.nvme.controller.kpio;

import static blockdev.nvme.NvmeStatus.INVALID_FIELD;
import static blockdev.nvme.NvmeStatus.INVALID_KEY_TAG;
import static blockdev.nvme.NvmeStatus.SUCCESS;
import static blockdev.nvme.controller.kpio.KeyChannel.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import org.junit.jupiter.api.Test;

class KeyPerIoTest {
  private static final int TAGS = 8;

  private final CipherEngine engine = CipherEngine.fastest(CryptoMode.AES_256_XTS);

  @Test
  void tagsUpToMaxktAreFieldsAndWithoutKeyTheyAreInvalid() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS))) {
      keys.inject(1, 0, bytes(0, 64));
      assertThat(keys.check(1, 1, 0, 0, 1)).isEqualTo(SUCCESS);
      assertThat(keys.check(1, 1, 1, 0, 1)).isEqualTo(INVALID_KEY_TAG);
      assertThat(keys.check(1, 1, TAGS - 1, 0, 1)).isEqualTo(INVALID_KEY_TAG);
      assertThat(keys.check(1, 1, TAGS, 0, 1)).isEqualTo(INVALID_FIELD);
      assertThat(keys.check(1, 1, 0xFFFF, 0, 1)).isEqualTo(INVALID_FIELD);
    }
  }

  @Test
  void aManagedNamespaceTakesKeyTagsOnlyAndAnUnmanagedOneNone() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS))) {
      keys.inject(1, 0, bytes(0, 64));
      for (int extension = 0; extension < 16; extension++) {
        assertThat(keys.check(1, extension, 0, 0, 1))
            .as("managed, extension %d", extension)
            .isEqualTo(extension == 1 ? SUCCESS : INVALID_FIELD);
        assertThat(keys.check(2, extension, 0, 0, 1))
            .as("unmanaged, extension %d", extension)
            .isEqualTo(extension == 0 ? SUCCESS : INVALID_FIELD);
      }
    }
  }

  @Test
  void addressAndLengthAreMultiplesOfTheGranularity() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS).withGranularityBlocks(8))) {
      keys.inject(1, 0, bytes(0, 64));
      assertThat(keys.check(1, 1, 0, 16, 8)).isEqualTo(SUCCESS);
      assertThat(keys.check(1, 1, 0, 17, 8)).as("start").isEqualTo(INVALID_FIELD);
      assertThat(keys.check(1, 1, 0, 16, 7)).as("length").isEqualTo(INVALID_FIELD);
      assertThat(keys.check(1, 1, 0, 20, 4)).as("both").isEqualTo(INVALID_FIELD);
      assertThat(keys.check(1, 1, 0, -8, 8)).as("an address beyond all").isEqualTo(SUCCESS);
      assertThat(keys.check(2, 0, 0, 17, 7)).as("an unmanaged namespace").isEqualTo(SUCCESS);
    }
  }

  @Test
  void theSameTagInTwoNamespacesIsTwoKeys() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS))) {
      assertThat(keys.manage(2, 4)).isTrue();
      keys.inject(1, 3, bytes(0, 64));
      assertThat(keys.check(2, 1, 3, 0, 1)).isEqualTo(INVALID_KEY_TAG);
      keys.inject(2, 3, bytes(1, 64));
      assertThat(keys.cipher(2, 3)).isNotNull().isNotSameAs(keys.cipher(1, 3));
      assertThat(keys.check(2, 1, 4, 0, 1)).isEqualTo(INVALID_FIELD);
    }
  }

  @Test
  void readingWithAnotherKeyThanWasWrittenWithIsDetected() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS).detectingIncorrectKeys())) {
      keys.inject(1, 0, bytes(0, 64));
      keys.inject(1, 1, bytes(1, 64));
      keys.written(1, 0, 100, 4);
      keys.written(1, 1, 102, 1);
      assertThat(keys.checkRead(1, 0, 100, 2)).isEqualTo(SUCCESS);
      assertThat(keys.checkRead(1, 0, 100, 3)).isEqualTo(NvmeStatus.INCORRECT_KEY);
      assertThat(keys.checkRead(1, 1, 102, 1)).isEqualTo(SUCCESS);
      assertThat(keys.checkRead(1, 1, 103, 1)).isEqualTo(NvmeStatus.INCORRECT_KEY);
      assertThat(keys.checkRead(1, 1, 104, 1000)).as("never written").isEqualTo(SUCCESS);
      keys.forgotten(1, 100, 2);
      assertThat(keys.checkRead(1, 1, 100, 3)).as("unwritten again").isEqualTo(SUCCESS);
    }
  }

  @Test
  void theSameKeyUnderAnotherTagOrInjectedAgainIsTheRightKey() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS).detectingIncorrectKeys())) {
      keys.inject(1, 0, bytes(0, 64));
      keys.written(1, 0, 100, 4);
      keys.powerCycle();
      assertThat(keys.check(1, 1, 0, 100, 4)).isEqualTo(INVALID_KEY_TAG);
      keys.inject(1, 5, bytes(0, 64));
      assertThat(keys.checkRead(1, 5, 100, 4)).isEqualTo(SUCCESS);
      keys.inject(1, 5, bytes(9, 64));
      assertThat(keys.checkRead(1, 5, 100, 4)).isEqualTo(NvmeStatus.INCORRECT_KEY);
    }
  }

  @Test
  void withoutDetectionAnyKeyReads() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS))) {
      keys.inject(1, 0, bytes(0, 64));
      keys.inject(1, 1, bytes(1, 64));
      keys.written(1, 0, 100, 4);
      assertThat(keys.checkRead(1, 1, 100, 4)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void aCryptoEraseOfAManagedNamespaceIsRefused() {
    try (KeyPerIo keys = keys(KeyPerIoModel.of(TAGS))) {
      assertThat(keys.checkFormat(1, true)).isEqualTo(NvmeStatus.OPERATION_DENIED);
      assertThat(keys.checkFormat(1, false)).isEqualTo(SUCCESS);
      assertThat(keys.checkFormat(2, true)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void modelsThatNoDeviceHasAreACallersMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyPerIoModel.of(0))
        .withMessageContaining("0");
    assertThatIllegalArgumentException().isThrownBy(() -> KeyPerIoModel.of(0x10000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyPerIoModel.of(1).withGranularityBlocks(0));
  }

  private KeyPerIo keys(KeyPerIoModel model) {
    return new KeyPerIo(model, engine, 2, 5);
  }
}
