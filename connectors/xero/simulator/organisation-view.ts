// What the organisation tells of itself, and of what the app may do in it.
import type { Body } from "./body.ts";
import type { XeroSimulatorSettings } from "./options.ts";

export function organisationView(tenantId: string, settings: XeroSimulatorSettings): Body {
  const { organisationName, isDemoCompany, baseCurrency, periodLockDate } = settings;
  return {
    OrganisationID: tenantId,
    Name: organisationName,
    LegalName: organisationName,
    PaysTax: true,
    Version: "NZ",
    OrganisationType: "COMPANY",
    BaseCurrency: baseCurrency,
    CountryCode: "NZ",
    IsDemoCompany: isDemoCompany,
    OrganisationStatus: "ACTIVE",
    FinancialYearEndDay: 31,
    FinancialYearEndMonth: 3,
    SalesTaxBasis: "PAYMENTS",
    SalesTaxPeriod: "TWOMONTHS",
    DefaultSalesTax: "Tax Exclusive",
    DefaultPurchasesTax: "Tax Exclusive",
    ...(periodLockDate === undefined ? {} : { PeriodLockDate: `/Date(${Date.parse(periodLockDate)}+0000)/` }),
    Timezone: "NEWZEALANDSTANDARDTIME",
    OrganisationEntityType: "COMPANY",
    ShortCode: "!23eYt",
    Class: isDemoCompany ? "DEMO" : "PREMIUM",
    Edition: "BUSINESS",
  };
}

export function organisationActions(): readonly Body[] {
  const allowed = [
    "CreateApprovedInvoice",
    "CreateDraftInvoice",
    "CreateApprovedBill",
    "CreateDraftBill",
    "CreateInvoicePayment",
    "CreateBillPayment",
    "CreateInventoryItem",
    "UseMulticurrency",
  ];
  const actions = allowed.map((Name) => ({ Name, Status: "ALLOWED" }));
  return [...actions, { Name: "ApproveTransactionsBeforePeriodLockDate", Status: "NOT-ALLOWED" }];
}
