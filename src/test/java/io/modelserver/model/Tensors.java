package io.modelserver.model;

/** Short ways to write inputs and outputs in tests. */
public final class Tensors {

    private Tensors() {
    }

    public static ModelInput input(float... values) {
        return new ModelInput(java.util.List.of(vector(values)));
    }

    /** What a model returned for one sample alone. */
    public static ModelOutput output(float... values) {
        return ModelOutput.perSample(java.util.List.of(new OutputTensor(null, matrix(1, values.length, values))), 1)
            .getFirst();
    }

    public static Tensor vector(float... values) {
        return new Tensor(new int[] { values.length }, values);
    }

    public static Tensor matrix(int rows, int columns, float... values) {
        return new Tensor(new int[] { rows, columns }, values);
    }

}
