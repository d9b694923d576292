package blockdev.queue.crypto;

import static blockdev.queue.crypto.FallbackUnderTest.key;
import static blockdev.queue.crypto.FallbackUnderTest.wrappedKey;
import static blockdev.queue.crypto.FallbackUnderTest.xts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is asked for a configuration, a key, a bio and an eviction: the device or the fallback. */
class BlkCryptoTest {
  private static final CryptoProfile CAPABLE =
      new CryptoProfile(4, 8, Map.of(CryptoMode.AES_256_XTS, 512 | 4096));

  @Test
  void withTheFallbackEveryRawConfigIsSupportedAndAWrappedOneIsNot() {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      CryptoConfig sizeNobodyCanDo = xts(1 << 20);
      assertThat(BlkCrypto.isNativelySupported(under.device, sizeNobodyCanDo)).isFalse();
      assertThat(under.crypto.isSupported(under.device, sizeNobodyCanDo)).isTrue();
      assertThat(under.crypto.isSupported(under.device, wrappedKey().config())).isFalse();
    }
  }

  @Test
  void withoutTheFallbackOnlyWhatTheDeviceCanDoIsSupported() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE)) {
      BlkCrypto crypto = BlkCrypto.withoutFallback();
      assertThat(crypto.isSupported(under.device, xts(4096))).isTrue();
      assertThat(crypto.isSupported(under.device, xts(8192))).isFalse();
      assertThat(crypto.fallback()).isNull();
    }
  }

  @Test
  void theFallbackDoesNothingForADeviceThatTakesNoPlainData() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE.withDunFromAddress())) {
      assertThat(under.crypto.isSupported(under.device, xts(4096))).isTrue();
      assertThat(under.crypto.isSupported(under.device, xts(8192))).isFalse();
      assertThat(under.crypto.startUsing(under.device, key(xts(4096), 1))).isEqualTo(Errno.OK);
      assertThat(under.crypto.startUsing(under.device, key(xts(8192), 2))).isEqualTo(Errno.ENOPKG);
    }
  }

  @Test
  void aWrappedKeyThatTheDeviceDoesNotTakeCannotBeUsed() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE)) {
      assertThat(under.crypto.startUsing(under.device, wrappedKey())).isEqualTo(Errno.EOPNOTSUPP);
    }
  }

  @Test
  void aWrappedKeyThatTheDeviceTakesCanBeUsed() {
    try (FallbackUnderTest under =
        new FallbackUnderTest(CAPABLE.withKeyTypes(Set.of(KeyType.HARDWARE_WRAPPED)))) {
      assertThat(under.crypto.startUsing(under.device, wrappedKey())).isEqualTo(Errno.OK);
    }
  }

  @Test
  void aRawKeyThatTheDeviceDoesNotTakeNeedsTheFallback() {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      CryptoKey key = key(xts(4096), 1);
      assertThat(BlkCrypto.withoutFallback().startUsing(under.device, key)).isEqualTo(Errno.ENOPKG);
      assertThat(under.crypto.startUsing(under.device, key)).isEqualTo(Errno.OK);
    }
  }

  @Test
  void aKeyNeedsAnEngineThatHasItsMode() {
    try (FallbackUnderTest under = new FallbackUnderTest();
        Fallback noEngine = new Fallback(under.memory, List.of(), 100, under.time::nowNs)) {
      assertThat(BlkCrypto.over(noEngine).startUsing(under.device, key(xts(4096), 1)))
          .isEqualTo(Errno.ENOPKG);
      long freeBytes = under.memory.freeBytes();
      CryptoKey notOfBlkCrypto = key(new CryptoConfig(CryptoMode.AES_256_HCTR2, 4096, 8), 1);
      assertThat(under.crypto.startUsing(under.device, notOfBlkCrypto)).isEqualTo(Errno.ENOPKG);
      assertThat(under.memory.freeBytes()).as("nothing is reserved in vain").isEqualTo(freeBytes);
    }
  }

  @Test
  void theFirstKeyReservesBouncePagesOnceOrFails() {
    try (FallbackUnderTest under = new FallbackUnderTest();
        HostMemory small = new HostMemory(512 << 10);
        Fallback poor = new Fallback(small, CipherEngine.all(), 100, under.time::nowNs)) {
      long freeBytes = under.memory.freeBytes();
      under.startedKey(1);
      under.started(new CryptoConfig(CryptoMode.ADIANTUM, 4096, 32), 2);
      assertThat(freeBytes - under.memory.freeBytes()).isEqualTo(256 * 4096);
      assertThat(BlkCrypto.over(poor).startUsing(under.device, key(xts(4096), 1)))
          .isEqualTo(Errno.ENOMEM);
      assertThat(small.freeBytes()).isEqualTo(small.capacityBytes());
    }
  }

  @Test
  void hardwareThatMayNotBeUsedIsNotAndTheFallbackIs() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE)) {
      CryptoKey key = under.started(xts(4096).withAllowHardware(false), 1);
      Bio bio = under.pageBio(BioOp.WRITE, 0, key, 0);
      under.submitAndSettle(bio);
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      assertThat(under.keyslots.counters().programs()).as("of the device").isZero();
      assertThat(under.fallback.keyslotCounters().programs()).isEqualTo(1);
      assertThat(under.commands)
          .extracting(FallbackUnderTest.Command::encrypted)
          .containsExactly(false);
    }
  }

  @Test
  void hardwareThatMayBeUsedIsAndTheFallbackIsNot() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE)) {
      Bio bio = under.pageBio(BioOp.WRITE, 0, under.startedKey(1), 0);
      under.submitAndSettle(bio);
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      assertThat(under.keyslots.counters().programs()).isEqualTo(1);
      assertThat(under.fallback.keyslotCounters().programs()).isZero();
      assertThat(under.commands)
          .extracting(FallbackUnderTest.Command::encrypted)
          .containsExactly(true);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aContextWithoutDataIsAnErrorAndNotedWhoeverWouldEncrypt(boolean capable) {
    try (FallbackUnderTest under =
        new FallbackUnderTest(capable ? CAPABLE : CryptoProfile.none())) {
      CryptoKey key = under.startedKey(1);
      Bio empty = under.bio(BioOp.WRITE, 0, key, 0);
      Bio discard = under.bio(BioOp.DISCARD, 0, key, 0).range(8);
      under.submitAndSettle(empty, discard);
      assertThat(under.ended).containsExactly(empty, discard);
      assertThat(under.ended).extracting(Bio::status).containsOnly(BioStatus.IOERR);
      assertThat(under.device.counters().contextsWithoutData()).isEqualTo(2);
      assertThat(under.commands).isEmpty();
    }
  }

  @Test
  void withoutNativeSupportAndFallbackABioIsRefusedWithoutACommand() {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      BioSubmitter submitter = BlkCrypto.withoutFallback().submitter(under.device);
      Bio bio = under.pageBio(BioOp.WRITE, 0, key(xts(4096), 1), 0);
      submitter.submit(bio);
      under.settle();
      assertThat(bio.status()).isEqualTo(BioStatus.NOTSUPP);
      assertThat(under.commands).isEmpty();
    }
  }

  @Test
  void plainSubmissionDoesNotUseTheFallback() {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      Bio bio = under.pageBio(BioOp.WRITE, 0, under.startedKey(1), 0);
      under.device.submitter().submit(bio);
      under.settle();
      assertThat(bio.status()).isEqualTo(BioStatus.NOTSUPP);
      assertThat(under.commands).isEmpty();
    }
  }

  @Test
  void plainSubmissionWorksWhereTheDeviceEncrypts() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE)) {
      Bio bio = under.pageBio(BioOp.WRITE, 0, under.startedKey(1), 0);
      under.device.submitter().submit(bio);
      under.settle();
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNumberWiderThanTheDevicesIsForTheFallbackOrRefusedAndNeverCut(boolean withFallback) {
    CryptoProfile cqhci = new CryptoProfile(4, 4, Map.of(CryptoMode.AES_256_XTS, 4096));
    try (FallbackUnderTest under = new FallbackUnderTest(cqhci)) {
      BlkCrypto crypto = withFallback ? under.crypto : BlkCrypto.withoutFallback();
      CryptoKey key = key(xts(4096), 1);
      assertThat(crypto.startUsing(under.device, key))
          .isEqualTo(withFallback ? Errno.OK : Errno.ENOPKG);
      Bio bio = under.pageBio(BioOp.WRITE, 0, key, 1L << 32);
      byte[] plaintext = under.content(bio);
      crypto.submitter(under.device).submit(bio);
      under.settle();
      assertThat(bio.status()).isEqualTo(withFallback ? BioStatus.OK : BioStatus.NOTSUPP);
      assertThat(under.onMedium(0, 4096))
          .isEqualTo(
              withFallback ? FallbackUnderTest.encrypted(1, 1L << 32, plaintext) : new byte[4096]);
      assertThat(under.keyslots.counters().programs()).isZero();
    }
  }

  @Test
  void plainBiosGoToTheDeviceAsTheyAre() {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      Bio bio = under.bio(BioOp.WRITE, 0);
      bio.addSegment(under.randomMemory(4096), 4096);
      under.submitAndSettle(bio, under.bio(BioOp.FLUSH, 0));
      assertThat(under.ended).extracting(Bio::status).containsOnly(BioStatus.OK);
      assertThat(under.onMedium(0, 4096)).isEqualTo(under.content(bio));
      assertThat(under.fallback.counters()).isEqualTo(FallbackCounters.NONE);
    }
  }

  @Test
  void evictionAsksWhoHadTheKey() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE)) {
      CryptoKey onDevice = under.startedKey(1);
      CryptoKey inSoftware = under.started(xts(4096).withAllowHardware(false), 2);
      under.submitAndSettle(
          under.pageBio(BioOp.WRITE, 0, onDevice, 0), under.pageBio(BioOp.WRITE, 8, inSoftware, 0));
      List<Errno> results = new ArrayList<>();
      under.crypto.evict(under.device, inSoftware, results::add);
      assertThat(under.evictedFromDevice).isEmpty();
      assertThat(under.fallback.keyslotCounters().evicts()).isEqualTo(1);
      under.crypto.evict(under.device, onDevice, results::add);
      assertThat(under.evictedFromDevice).containsExactly(onDevice);
      assertThat(results).containsExactly(Errno.OK, Errno.OK);
      assertThat(under.crypto.failedEvicts()).isZero();
      onDevice.close();
      inSoftware.close();
    }
  }

  @Test
  void anEvictionThatFailsIsCountedAndTheKeyIsOutOfTheSlotAllTheSame() {
    try (FallbackUnderTest under = new FallbackUnderTest(CAPABLE)) {
      CryptoKey key = under.startedKey(1);
      under.submitAndSettle(under.pageBio(BioOp.WRITE, 0, key, 0));
      under.evictResult = Errno.EIO;
      List<Errno> results = new ArrayList<>();
      under.crypto.evict(under.device, key, results::add);
      assertThat(results).containsExactly(Errno.EIO);
      assertThat(under.crypto.failedEvicts()).isEqualTo(1);
      key.close();
    }
  }

  @Test
  void withoutAFallbackAKeyThatWasNeverAnywhereIsEvicted() {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      List<Errno> results = new ArrayList<>();
      BlkCrypto.withoutFallback().evict(under.device, key(xts(4096), 1), results::add);
      assertThat(results).containsExactly(Errno.OK);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = BioOp.class,
      names = {"READ", "WRITE"})
  void aClosedKeyThrowsAndNothingIsSubmitted(BioOp op) {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      CryptoKey key = under.startedKey(1);
      Bio bio = under.pageBio(op, 0, key, 0);
      key.close();
      assertThatIllegalStateException().isThrownBy(() -> under.submit(bio));
      under.settle();
      assertThat(under.ended).isEmpty();
      assertThat(under.fallback.counters()).isEqualTo(FallbackCounters.NONE);
    }
  }

  @Test
  void aThreadAlwaysHasTheSameWayIntoADevice() {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      assertThat(under.crypto.submitter(under.device)).isSameAs(under.submitter);
    }
  }

  @Test
  void aDeviceWhoseBiosLieInOtherMemoryIsRefused() {
    try (FallbackUnderTest under = new FallbackUnderTest();
        FallbackUnderTest other = new FallbackUnderTest()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> under.crypto.submitter(other.device))
          .withMessageContaining("memory");
    }
  }
}
