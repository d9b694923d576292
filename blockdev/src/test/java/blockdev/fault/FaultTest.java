package blockdev.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTest {
  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void aKindAloneHappensAtTheFirstMatchOnce(FaultKind kind) {
    assertThat(Fault.parse(kind.label())).isEqualTo(Fault.of(kind));
  }

  @Test
  void keysSayWhereAndWhen() {
    assertThat(Fault.parse("read-error:lba=100-107,nsid=2,nth=3,times=4"))
        .isEqualTo(
            Fault.of(FaultKind.READ_ERROR)
                .atLbas(100, 107)
                .inNamespace(2)
                .fromMatch(3)
                .upToTimes(4));
    assertThat(Fault.parse("write-error:lba=7,times=all"))
        .isEqualTo(Fault.of(FaultKind.WRITE_ERROR).atLbas(7, 7).upToTimes(Fault.ALWAYS));
    assertThat(Fault.parse("program-error:slot=0"))
        .isEqualTo(Fault.of(FaultKind.PROGRAM_ERROR).inSlot(0));
    assertThat(Fault.parse("bit-rot:at=5ms"))
        .isEqualTo(Fault.of(FaultKind.BIT_ROT).atTime(5_000_000));
  }

  @Test
  void aFaultWithAProbabilityMayHappenAnyNumberOfTimesUnlessSaidOtherwise() {
    assertThat(Fault.parse("hang:p=0.25").times()).isEqualTo(Fault.ALWAYS);
    assertThat(Fault.parse("hang:p=0.25,times=2").times()).isEqualTo(2);
    assertThat(Fault.parse("hang:times=2,p=0.25").times()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reed-error          | fault 'reed-error': no such fault: 'reed-error'; there are read-error, "
            + "write-error, flush-error, bit-rot, misdirected-write, lost-write, hang, "
            + "stuck-queue, program-error, wrong-key",
        "hang:               | fault 'hang:': '' is not key=value",
        "hang:nth            | fault 'hang:nth': 'nth' is not key=value",
        "hang:when=7         | fault 'hang:when=7': no such key: 'when'; there are lba, nsid, slot, "
            + "nth, times, p, at",
        "hang:nth=0          | fault 'hang:nth=0': nth and times must be positive, are 0 and 1",
        "hang:nth=x          | fault 'hang:nth=x': nth must be a number, is 'x'",
        "hang:nth=-1         | fault 'hang:nth=-1': nth must not be negative, is -1",
        "hang:p=2            | fault 'hang:p=2': p must be above 0 and up to 1, is 2.0",
        "hang:p=NaN          | fault 'hang:p=NaN': p must be above 0 and up to 1, is NaN",
        "hang:p=often        | fault 'hang:p=often': p must be a number, is 'often'",
        "hang:lba=9-3        | fault 'hang:lba=9-3': lba must be a block or a range of blocks, is 9-3",
        "hang:slot=1         | fault 'hang:slot=1': 'slot' says nothing about it",
        "hang:at=5ms         | fault 'hang:at=5ms': 'at' says nothing about it",
        "hang:nsid=5000000000| fault 'hang:nsid=5000000000': nsid must be a number up to 2147483647, "
            + "is 5000000000",
        "wrong-key:lba=1     | fault 'wrong-key:lba=1': 'lba' says nothing about it",
        "flush-error:lba=1   | fault 'flush-error:lba=1': 'lba' says nothing about it",
        "bit-rot:at=5        | fault 'bit-rot:at=5': at must be a time in ns, us, ms or s, is '5'",
        "bit-rot:at=ms       | fault 'bit-rot:at=ms': at must be a number, is ''",
      })
  void aSpecificationThatIsNoneIsRefusedInOneLine(String spec, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.parse(spec))
        .withMessage(message.strip());
  }

  @Test
  void onlyBitsRotAtATime() {
    Fault hang = Fault.of(FaultKind.HANG).atTime(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new FaultPlan(1, hang));
  }
}
