package inlinecrypt.engine;

class ReferenceAeadTest extends EngineAeadContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("reference");
  }
}
