// Walks an answer along its document and Shopify's schema, and names what does not fit: nulls where none may be, values
// that are not of an enum, lists that are none, scalars of the wrong kind, fields too many or too few.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getVariableValues,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  ID: (value) => typeof value === "string" && /^gid:\/\/shopify\/\w+\/\d+$/.test(value),
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  Int: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  Float: (value) => typeof value === "number",
  DateTime: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value),
  Decimal: (value) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value),
  Money: (value) => typeof value === "string" && /^-?\d+\.\d\d$/.test(value),
  HTML: (value) => typeof value === "string",
  URL: (value) => typeof value === "string" && URL.canParse(value),
  UnsignedInt64: (value) => typeof value === "string" && /^\d+$/.test(value),
};

class Walk {
  readonly found: string[] = [];
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    this.#fragments = new Map(
      document.definitions
        .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
        .map((fragment) => [fragment.name.value, fragment]),
    );
  }

  value(type: GraphQLOutputType, value: unknown, selections: SelectionSetNode | undefined, path: string): void {
    if (isNonNullType(type)) {
      if (value === null || value === undefined) this.found.push(`${path}: null, but the schema says ${String(type)}`);
      else this.value(type.ofType, value, selections, path);
      return;
    }
    if (value === undefined) this.found.push(`${path}: absent`);
    if (value === null || value === undefined) return;
    if (isListType(type)) {
      if (!Array.isArray(value)) this.found.push(`${path}: no list`);
      else for (const [index, item] of value.entries()) this.value(type.ofType, item, selections, `${path}[${index}]`);
    } else if (isEnumType(type)) {
      const known = typeof value === "string" && type.getValue(value) !== undefined;
      if (!known) this.found.push(`${path}: ${JSON.stringify(value)} is no ${type.name}`);
    } else if (isScalarType(type)) this.#scalar(type.name, value, path);
    else if (typeof value !== "object") this.found.push(`${path}: no object`);
    else if (selections !== undefined) this.#object(type.name, value, selections, path);
  }

  #scalar(name: string, value: unknown, path: string): void {
    const fits = SCALARS[name];
    if (fits === undefined) this.found.push(`${path}: the check knows no scalar ${name}`);
    else if (!fits(value)) this.found.push(`${path}: ${JSON.stringify(value)} is no ${name}`);
  }

  #object(typeName: string, value: object, selections: SelectionSetNode, path: string): void {
    const concrete = this.#concrete(typeName, value);
    const type = this.#schema.getType(concrete);
    if (!isObjectType(type)) return;
    const wanted = this.#fields(concrete, selections);
    for (const [key, node] of wanted) {
      if (node.name.value === "__typename") continue;
      const field = type.getFields()[node.name.value];
      if (field === undefined) this.found.push(`${path}.${key}: no field of ${concrete}`);
      else this.value(field.type, (value as Record<string, unknown>)[key], node.selectionSet, `${path}.${key}`);
    }
    for (const key of Object.keys(value)) if (!wanted.has(key)) this.found.push(`${path}.${key}: not asked for`);
  }

  /** Which object an interface stands for: told by its id. */
  #concrete(typeName: string, value: object): string {
    if (!isAbstractType(this.#schema.getType(typeName))) return typeName;
    const { id } = value as { readonly id?: string };
    return /^gid:\/\/shopify\/(\w+)\//.exec(id ?? "")?.[1] ?? typeName;
  }

  #fields(typeName: string, selections: SelectionSetNode): Map<string, FieldNode> {
    const fields = new Map<string, FieldNode>();
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        fields.set(selection.alias?.value ?? selection.name.value, selection);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      const on = fragment?.typeCondition?.name.value;
      if (fragment === undefined || (on !== undefined && !this.#isA(typeName, on))) continue;
      for (const [key, node] of this.#fields(typeName, fragment.selectionSet)) fields.set(key, node);
    }
    return fields;
  }

  #isA(typeName: string, on: string): boolean {
    if (typeName === on) return true;
    const type = this.#schema.getType(typeName);
    return isObjectType(type) && type.getInterfaces().some(({ name }) => name === on);
  }
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error("The document has no operation");
  return operation;
}

export const misfits = {
  /** What of the data does not fit the document and the schema. */
  ofData(schema: GraphQLSchema, document: DocumentNode, data: unknown): readonly string[] {
    const operation = operationOf(document);
    const root = operation.operation === "mutation" ? schema.getMutationType() : schema.getQueryType();
    const walk = new Walk(schema, document);
    if (root) walk.value(root, data, operation.selectionSet, "data");
    return walk.found.slice(0, 20);
  },

  /** What of the variables Shopify would not take. */
  ofVariables(schema: GraphQLSchema, document: DocumentNode, variables: object): readonly string[] {
    const definitions = operationOf(document).variableDefinitions ?? [];
    const { errors } = getVariableValues(schema, definitions, { ...variables });
    return (errors ?? []).map(({ message }) => message);
  },

  /** Deprecated fields that the document selects. */
  deprecated(schema: GraphQLSchema, document: DocumentNode): readonly string[] {
    const types = new TypeInfo(schema);
    const found: string[] = [];
    visit(
      document,
      visitWithTypeInfo(types, {
        Field() {
          const field = types.getFieldDef();
          if (field?.deprecationReason) found.push(`${types.getParentType()?.name}.${field.name}`);
        },
      }),
    );
    return found;
  },
};
